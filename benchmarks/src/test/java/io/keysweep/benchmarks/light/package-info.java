/** Tests the arithmetic of {@code dev/bench light}. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.light;
