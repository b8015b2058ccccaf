/** JMH benchmarks of the pieces that run once a step or once a request, and the entrance of {@code dev/bench}. Not shipped. */
@org.jspecify.annotations.NullMarked
package io.keysweep.benchmarks;
