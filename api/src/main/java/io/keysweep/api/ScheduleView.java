package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the schedule of an instance in responses of {@code /api/v1/instances/{id}/schedule}.
 *
 * @param document the schedule; only {@code enabled = false} if none was ever set
 * @param nextStartAt time of the next start, including spread and windows; null if there is none
 * @param lastStartAt time of the last start that was taken or skipped, without spread; null if there was none
 * @param updatedAt when the schedule was changed last; null if none was ever set
 * @param version version of the schedule; every change raises it. In quotes it is the ETag
 */
public record ScheduleView(
        ScheduleDocument document,
        @Nullable Instant nextStartAt,
        @Nullable Instant lastStartAt,
        @Nullable Instant updatedAt,
        int version) {}
