package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the schedule of an instance in responses of {@code /api/v1/instances/{id}/schedule}.
 *
 * @param document the schedule; only {@code enabled = false} if none was ever set
 * @param nextStartAt when the next automatic scan starts, with the delays by the spread and the windows; null if none
 *     will start
 * @param lastStartAt when the last start was due, without the delay by the spread; the start may have been skipped;
 *     null if no start was due yet
 * @param updatedAt when the schedule was last changed; null if none was ever set
 * @param version number that every change raises, 0 if no schedule was ever set; the ETag is this number in quotes
 */
public record ScheduleView(
        ScheduleDocument document,
        @Nullable Instant nextStartAt,
        @Nullable Instant lastStartAt,
        @Nullable Instant updatedAt,
        int version) {}
