/**
 * Sweeps one primary: the loop ({@code Sweep}), recovery, checkpoints, what is watched meanwhile, events and report.
 * {@link io.keysweep.engine.sweep.SweepEngine} is the entry point.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.sweep;
