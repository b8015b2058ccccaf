/**
 * Sweeps many servers from one process, and measures whether the servers or the process limit the rate
 * ({@code dev/bench fleet}).
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.fleet;
