/** Ways to get rid of expired keys, side by side on one server: rate, cost, stalls, and what is left behind. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.comparison;
