/** Injects faults and load while scans run, and checks that nothing is lost ({@code dev/chaos}). */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.chaos;
