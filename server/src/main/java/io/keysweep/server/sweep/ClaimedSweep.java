package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Represents a sweep that a worker has claimed, with the stored data of that moment. A sweep is the part of a scan that
 * visits one primary.
 *
 * @param attempt attempt through which the worker writes about the sweep
 * @param sweep the sweep as it is stored
 * @param checkpoint stored positions and counts from which the sweep continues; null if the sweep has none
 */
record ClaimedSweep(
        SweepAttempt attempt, SweepRecord sweep, @Nullable Checkpoint checkpoint) {}
