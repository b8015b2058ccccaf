/** Contains the entry point of {@code dev/bench} and JMH benchmarks of code that runs per step or per request. Not shipped. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks;
