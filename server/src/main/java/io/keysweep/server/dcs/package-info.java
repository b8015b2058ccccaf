/**
 * Serves the API under {@code /v2} that is compatible with Huawei Cloud DCS: seven operations with the JSON of the
 * SDKs.
 *
 * <p>DCS is the vendor's managed Redis. Programs that use its SDKs work with Keysweep without a change.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.dcs;
