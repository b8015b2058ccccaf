/** Compares ways to reclaim expired keys on one server: rate, cost, stalls and completeness. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.comparison;
