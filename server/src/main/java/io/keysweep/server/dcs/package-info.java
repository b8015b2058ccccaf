/**
 * Serves the API under {@code /v2} that is compatible with Huawei Cloud DCS: seven operations with the JSON of the
 * SDKs.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.dcs;
