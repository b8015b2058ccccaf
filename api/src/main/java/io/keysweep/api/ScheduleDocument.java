package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When scans of an instance start by themselves; body of {@code PUT /api/v1/instances/{id}/schedule}. The rules are those
 * of the DCS API, but for a first start that is past: it stands for the next one by the interval.
 *
 * @param enabled whether scans start by themselves; default true, and the rest is required then
 * @param firstScanAt when the first one starts, and what later starts are counted from
 * @param intervalSeconds between two starts; 0 is one single start
 * @param timeoutSeconds when an automatic scan ends as failed; at least twice the interval, and 2
 * @param scanKeysCount 10 to 1000: a ceiling of 200 times as many keys a second
 */
public record ScheduleDocument(
        @Nullable Boolean enabled,
        @Nullable Instant firstScanAt,
        @Nullable Long intervalSeconds,
        @Nullable Long timeoutSeconds,
        @Nullable Integer scanKeysCount) {}
