/** Sweeps many servers from one process and measures whether the servers or the process limit the rate. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.fleet;
