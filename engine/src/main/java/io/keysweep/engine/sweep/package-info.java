/**
 * Sweeps one primary: visits all its keys, so that the server removes the expired ones.
 *
 * <p>It contains the loop ({@code Sweep}), recovery, checkpoints, the watches over the server, events and the report.
 * {@link io.keysweep.engine.sweep.SweepEngine} is the entry point.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.sweep;
