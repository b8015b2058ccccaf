package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports the schedule of an instance and its next start; {@code /api/v1/instances/{id}/schedule} returns it.
 *
 * <p>The spread is a fixed delay for each instance, so that not all instances start at the same time. A window is a
 * time of the week in which scans may run; see {@link WindowsDocument}.
 *
 * @param document the schedule; if none was ever set, a document whose only field is {@code enabled = false}
 * @param nextStartAt when the next automatic scan starts, including the delays by the spread and the windows; null if
 *     none will start
 * @param lastStartAt when the last start was due, without the delay by the spread; null if none was due yet. The
 *     service may have skipped this start
 * @param updatedAt when the schedule was last changed; null if none was ever set
 * @param version version of the schedule, 0 if none was ever set. Every change raises it. The ETag is this number in
 *     quotes
 */
public record ScheduleView(
        ScheduleDocument document,
        @Nullable Instant nextStartAt,
        @Nullable Instant lastStartAt,
        @Nullable Instant updatedAt,
        int version) {}
