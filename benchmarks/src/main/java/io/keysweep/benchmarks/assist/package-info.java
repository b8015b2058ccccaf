/** Implements {@code dev/bench assist}: the server's own expiry, driven harder for a while, beside ways that scan. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.assist;
