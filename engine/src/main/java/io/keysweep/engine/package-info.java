/** The sweep engine: a plan of segments goes in, exact counts come out. Start at {@code sweep.SweepEngine}. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine;
