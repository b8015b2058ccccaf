/**
 * Serves the API under {@code /v2}, which has the operations and the JSON of Huawei Cloud DCS for expired-key scans.
 *
 * <p>DCS (Distributed Cache Service) is the managed Redis of Huawei Cloud. Programs that use its SDKs work with
 * Keysweep without a change.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.dcs;
