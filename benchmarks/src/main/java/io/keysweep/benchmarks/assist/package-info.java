/**
 * Implements {@code dev/bench assist}, which compares the server's own expiry at raised settings with ways that scan
 * all keys.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.assist;
