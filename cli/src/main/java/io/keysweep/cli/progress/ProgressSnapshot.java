package io.keysweep.cli.progress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Describes the progress of a sweep at one moment.
 *
 * @param fraction part of the key space that is done, 0 to 1
 * @param visited number of keys visited
 * @param reclaimed number of expired keys reclaimed
 * @param longestStall longest time so far for which one step (a call that visits keys) has kept the server busy
 * @param remaining estimated time until the end of the sweep, or null if there is no estimate
 * @param slowed reduced share of the server's time and the reason, such as "to 12 % of the server's time: …", or null
 *     at full pace
 * @param hold reason why the sweep sends no steps at present, or null if it is not on hold
 * @param partHold how many of a cluster's primaries are on hold while others continue, and why, such as "1 of 3
 *     primaries held: …"; null if no primary is on hold, or all are
 */
public record ProgressSnapshot(
        double fraction,
        long visited,
        long reclaimed,
        Duration longestStall,
        @Nullable Duration remaining,
        @Nullable String slowed,
        @Nullable String hold,
        @Nullable String partHold) {

    /** The progress of a sweep that has not begun: all counts are zero. */
    public static final ProgressSnapshot START = new ProgressSnapshot(
            /* fraction= */ 0,
            /* visited= */ 0,
            /* reclaimed= */ 0,
            Duration.ZERO,
            /* remaining= */ null,
            /* slowed= */ null,
            /* hold= */ null);

    /** Describes the progress of a sweep that continues, or is on hold as a whole: {@code partHold} is null. */
    public ProgressSnapshot(
            double fraction,
            long visited,
            long reclaimed,
            Duration longestStall,
            @Nullable Duration remaining,
            @Nullable String slowed,
            @Nullable String hold) {
        this(fraction, visited, reclaimed, longestStall, remaining, slowed, hold, /* partHold= */ null);
    }

    /**
     * Returns this progress with other holds, or without one if both texts are null. When a hold of the whole sweep
     * ends, the remaining time becomes null, since it was estimated at the pace before the hold.
     */
    ProgressSnapshot withHold(@Nullable String whole, @Nullable String part) {
        return new ProgressSnapshot(
                fraction,
                visited,
                reclaimed,
                longestStall,
                whole == null && hold != null ? null : remaining,
                slowed,
                whole,
                part);
    }

    /**
     * Returns the reasons why the sweep is not at its full pace, as the end of a line; begins with a comma or is empty.
     */
    String slowdown() {
        return (partHold == null ? "" : ", " + partHold) + (slowed == null ? "" : ", slowed " + slowed);
    }
}
