package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes when automatic scans of an instance start: the body of {@code PUT /api/v1/instances/{id}/schedule}, and a
 * part of the schedule that the service returns.
 *
 * <p>The service also offers the DCS API, the API of Huawei Cloud's Distributed Cache Service. The DCS API's rules
 * apply, with one exception: {@code firstScanAt} may be in the past if the schedule repeats. The next start is then the
 * first time after now that is {@code firstScanAt} plus a whole number of intervals. Example: a daily schedule from
 * 02:00 that is set at noon starts first at 02:00 of the next day.
 *
 * @param enabled whether automatic scans start; default true. If true, all other fields are required
 * @param firstScanAt time of the first start; the intervals begin at this time
 * @param intervalSeconds time between two starts in seconds; 0 for a single start
 * @param timeoutSeconds time in seconds after which an automatic scan fails. At least twice the interval, or 2 s for a
 *     single start
 * @param scanKeysCount a field of the DCS API, 10 to 1000; 200 times this number is the maximum of keys that the scan
 *     visits per second
 */
public record ScheduleDocument(
        @Nullable Boolean enabled,
        @Nullable Instant firstScanAt,
        @Nullable Long intervalSeconds,
        @Nullable Long timeoutSeconds,
        @Nullable Integer scanKeysCount) {}
