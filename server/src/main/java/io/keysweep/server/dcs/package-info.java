/**
 * Serves the API under {@code /v2}, which has the operations and the JSON of Huawei Cloud DCS for expired-key scans.
 *
 * <p>DCS is the vendor's managed Redis. Programs that use its SDKs work with Keysweep without a change.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.dcs;
