/**
 * Signs requests with Huawei Cloud's AK/SK signature, and builds the canonical request that both sides sign.
 *
 * <p>The server's side, which verifies signatures, is in {@code io.keysweep.server.iam.signature}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.signature;
