/**
 * Contains the main class of {@code dev/bench}, and JMH benchmarks of code that runs for each step or request. The
 * product does not include this module.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks;
