package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Holds the automatic scan configuration of an instance, which is its schedule.
 *
 * @param instanceId the instance
 * @param enabled whether the schedule starts scans; if so, the next four values are never null
 * @param firstScanAt the first start, from which later starts are counted
 * @param interval the time between two starts; zero means a single start
 * @param timeout the time after which an automatic scan ends as failed
 * @param scanKeysCount 10 to 1000; the rate ceiling is 200 times as many keys a second
 * @param version a number that every change raises by 1
 * @param lastDue the due time of the last start that was taken or skipped, or null
 * @param updatedAt when the configuration was last changed
 */
public record AutoScanConfig(
        UUID instanceId,
        boolean enabled,
        @Nullable Instant firstScanAt,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Integer scanKeysCount,
        int version,
        @Nullable Instant lastDue,
        Instant updatedAt) {

    /** Returns whether the instance has a configuration; a removed one stays as a row without values. */
    public boolean isSet() {
        return enabled || firstScanAt != null || interval != null || timeout != null || scanKeysCount != null;
    }

    /** Returns when starts are due. The configuration must be enabled. */
    AutoScanSchedule schedule() {
        return new AutoScanSchedule(Objects.requireNonNull(firstScanAt), Objects.requireNonNull(interval));
    }

    /**
     * Returns the first start after a moment, without regard to windows; empty if the schedule starts no more scans.
     */
    Optional<Instant> startAfter(Instant moment) {
        return enabled ? schedule().dueAfter(moment) : Optional.empty();
    }

    /**
     * Returns the most keys that a scan visits in a second, or null if no count is set. The DCS user guide describes
     * one SCAN with the configured COUNT every 5 ms, which is 200 a second.
     */
    public @Nullable Long rateCeiling() {
        return scanKeysCount == null ? null : 200L * scanKeysCount;
    }
}
