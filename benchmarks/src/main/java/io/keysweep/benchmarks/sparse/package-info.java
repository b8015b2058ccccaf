/** Implements {@code dev/bench sparse}, which sweeps key spaces in which hardly any key has a TTL. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.sparse;
