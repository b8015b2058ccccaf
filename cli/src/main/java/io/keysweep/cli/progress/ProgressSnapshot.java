package io.keysweep.cli.progress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a sweep stands, as far as it is shown.
 *
 * @param fraction how much of the key space is done, 0 to 1
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param longestStall longest step so far
 * @param remaining about how long the rest takes, or null while that cannot be told
 * @param slowed how far it gives way to others at the moment and why, or null
 * @param hold why it rests at the moment, or null
 */
public record ProgressSnapshot(
        double fraction,
        long visited,
        long reclaimed,
        Duration longestStall,
        @Nullable Duration remaining,
        @Nullable String slowed,
        @Nullable String hold) {

    /** Nothing done yet. */
    static final ProgressSnapshot START = new ProgressSnapshot(0, 0, 0, Duration.ZERO, null, null, null);

    /** The same on hold, or no more: then at a pace of which nothing is known yet. */
    ProgressSnapshot withHold(@Nullable String reason) {
        return new ProgressSnapshot(
                fraction, visited, reclaimed, longestStall, reason == null ? null : remaining, slowed, reason);
    }
}
