/** Measures how much slower a sweep is when the server is far away ({@code dev/bench distance}). */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.distance;
