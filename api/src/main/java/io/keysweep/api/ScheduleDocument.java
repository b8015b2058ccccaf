package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes when automatic scans of an instance start: the body of {@code PUT /api/v1/instances/{id}/schedule}, and a
 * part of the schedule that the service returns.
 *
 * <p>The rules are those of the DCS API, the API of Huawei Cloud that the service also offers, with one exception: the
 * first start may be in the past if the interval is above 0. The next start is then {@code firstScanAt} plus the
 * smallest number of intervals that leads to the future. Example: from 02:00 with an interval of one day, set at noon,
 * the next start is at 02:00 of the next day.
 *
 * @param enabled whether automatic scans start; default true. If true, all other fields are required
 * @param firstScanAt time of the first start; the interval counts from it
 * @param intervalSeconds time between two starts in seconds; 0 for a single start
 * @param timeoutSeconds time in seconds after which an automatic scan fails: at least twice the interval, and at least
 *     2 for a single start
 * @param scanKeysCount limit on the speed of the scan, 10 to 1000; the scan visits at most 200 times this number of
 *     keys per second
 */
public record ScheduleDocument(
        @Nullable Boolean enabled,
        @Nullable Instant firstScanAt,
        @Nullable Long intervalSeconds,
        @Nullable Long timeoutSeconds,
        @Nullable Integer scanKeysCount) {}
