/**
 * Kills, freezes and loads a service while scans run, and checks that no scan and no count is lost ({@code dev/chaos}).
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.chaos;
