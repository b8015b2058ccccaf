package io.keysweep.cli.progress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Describes the progress of a sweep at one moment.
 *
 * @param fraction how much of the key space is done, 0 to 1
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param longestStall longest step so far
 * @param remaining estimated time that the rest takes, or null if there is no estimate
 * @param slowed reduced share of the server's time and the reason, such as "to 12 % of the server's time: …", or null
 * @param hold reason why the sweep is on hold, or null
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
    public static final ProgressSnapshot START = new ProgressSnapshot(0, 0, 0, Duration.ZERO, null, null, null);

    /**
     * Returns this progress with another hold, or without one if {@code reason} is null. A hold that ends also
     * removes the time that remains, since it was estimated at the pace before the hold.
     */
    ProgressSnapshot withHold(@Nullable String reason) {
        return new ProgressSnapshot(
                fraction, visited, reclaimed, longestStall, reason == null ? null : remaining, slowed, reason);
    }
}
