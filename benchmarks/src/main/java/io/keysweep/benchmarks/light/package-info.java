/**
 * Implements {@code dev/bench light}, which measures how soon whole processes answer, and how much memory they hold
 * when idle.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks.light;
