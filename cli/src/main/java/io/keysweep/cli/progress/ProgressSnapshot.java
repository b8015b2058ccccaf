package io.keysweep.cli.progress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Describes the progress of a sweep at one moment.
 *
 * @param fraction part of the key space that is done, 0 to 1
 * @param visited number of keys visited
 * @param reclaimed number of expired keys reclaimed
 * @param longestStall duration of the longest step so far, in which the server was busy
 * @param remaining estimated time until the end of the sweep, or null if there is no estimate
 * @param slowed reduced share of the server's time and the reason, such as "to 12 % of the server's time: …", or null
 *     at full pace
 * @param hold reason why the sweep sends no steps at present, or null if it is not on hold
 */
public record ProgressSnapshot(
        double fraction,
        long visited,
        long reclaimed,
        Duration longestStall,
        @Nullable Duration remaining,
        @Nullable String slowed,
        @Nullable String hold) {

    /** Progress of a sweep that has not begun. */
    public static final ProgressSnapshot START = new ProgressSnapshot(
            /* fraction= */ 0,
            /* visited= */ 0,
            /* reclaimed= */ 0,
            Duration.ZERO,
            /* remaining= */ null,
            /* slowed= */ null,
            /* hold= */ null);

    /**
     * Returns this progress with another hold, or without one if {@code reason} is null. When a hold ends, the
     * remaining time becomes null, since it was estimated at the pace before the hold.
     */
    ProgressSnapshot withHold(@Nullable String reason) {
        return new ProgressSnapshot(
                fraction, visited, reclaimed, longestStall, reason == null ? null : remaining, slowed, reason);
    }
}
