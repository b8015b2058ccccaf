/** Tests the calculation of the ratios over a distance. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.distance;
