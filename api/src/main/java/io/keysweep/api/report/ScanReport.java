package io.keysweep.api.report;

import io.keysweep.api.InstanceView;
import io.keysweep.api.ScanView;
import io.keysweep.api.TimelineView;
import java.time.Instant;

/**
 * Reports everything that the service knows about a scan that has ended; part of {@link SignedReport}.
 *
 * <p>A scan removes the expired keys of an instance, by one sweep for each primary.
 *
 * @param service build of the service, for example {@code keysweep 0.1.0}
 * @param reportedAt when the report was made
 * @param instance the instance without its secrets. Its name and address are from the time when the scan was created,
 *     all other values from the time when the report was made
 * @param scan settings of the scan, its counts by primary and database, the memory before and after, the method, and
 *     whether the counts are exact
 * @param timeline what happened to the scan, who did it, why and when; the first event says who created the scan
 */
public record ScanReport(
        String service, Instant reportedAt, InstanceView instance, ScanView scan, TimelineView timeline) {}
