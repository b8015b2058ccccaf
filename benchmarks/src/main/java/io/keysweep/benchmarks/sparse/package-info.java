/** Implements {@code dev/bench sparse}: sweeps of key spaces in which hardly any key has a TTL. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.sparse;
