/**
 * The AK/SK request signature of Huawei Cloud, as far as both sides share it: the canonical text that is signed, and
 * the client side that signs it. The server's side is in {@code io.keysweep.server.iam}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.api.signature;
