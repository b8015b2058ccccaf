/** Faults and load while scans run, and whether anything was lost: {@code dev/chaos}. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.chaos;
