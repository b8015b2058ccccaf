package io.keysweep.engine.sweep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a sweep stands.
 *
 * @param visited keys visited, over all runs of this sweep
 * @param reclaimed expired keys reclaimed, over all runs of this sweep
 * @param fraction how much of the key space is done, 0 to 1; never goes backwards, over all runs of this sweep
 * @param count the COUNT of the next step
 * @param longestStall longest step so far, as {@link SweepReport#longestStall()} has it
 * @param elapsed time since this run began
 * @param remaining about how long the rest takes, at the speed of late and without holds to come; null while that cannot
 *     be told
 * @param share largest share of the server's main thread that the sweep may take now, up to the policy's
 * @param slowedBy why that is less than the policy's, in words; null if it is not
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
