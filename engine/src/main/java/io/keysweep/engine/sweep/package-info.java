/**
 * Sweeps one primary: visits all its keys, so that the server removes the expired ones.
 *
 * <p>{@link io.keysweep.engine.sweep.SweepEngine} is the entry point, and {@code Sweep} is the loop. The other classes
 * read and watch the server, keep the pace, count keys, take checkpoints, recover from broken connections, and send
 * events and the report to the caller.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.sweep;
