package io.keysweep.engine.sweep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Describes the progress of a running sweep.
 *
 * @param visited keys visited, over all runs of this sweep
 * @param reclaimed expired keys reclaimed, over all runs of this sweep
 * @param fraction how much of the key space is done, 0 to 1; never falls, over all runs of this sweep
 * @param count the COUNT of the next step
 * @param longestStall the longest step so far in this run, see {@link SweepReport#longestStall()}
 * @param elapsed the time since this run began
 * @param remaining an estimate of how long the rest takes, at the latest speed and without further holds; null while
 *     there is none
 * @param share the largest share of the server's main thread that the sweep may take now, at most the policy's
 * @param slowedBy why {@code share} is less than the policy's, for the user; null if it is not
 */
public record SweepProgress(
        long visited,
        long reclaimed,
        double fraction,
        int count,
        Duration longestStall,
        Duration elapsed,
        @Nullable Duration remaining,
        double share,
        @Nullable String slowedBy) {}
