/**
 * Compares Keysweep with other ways to reclaim expired keys on one server ({@code dev/bench quick}): rate, cost, stalls
 * and completeness.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.comparison;
