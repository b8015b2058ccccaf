package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of an instance, as {@code GET /api/v1/instances/{id}/schedule} shows it.
 *
 * @param document what was set; not enabled and nothing else if nothing ever was
 * @param nextStartAt when the next scan is to start, with the instance's place in the spread and its windows; null if none
 *     is
 * @param lastStartAt the last start that was taken or skipped, without the spread; null if there was none
 * @param updatedAt when it was changed last; null if it was never set
 * @param version raised by every change; in quotes it is the ETag
 */
public record ScheduleView(
        ScheduleDocument document,
        @Nullable Instant nextStartAt,
        @Nullable Instant lastStartAt,
        @Nullable Instant updatedAt,
        int version) {}
