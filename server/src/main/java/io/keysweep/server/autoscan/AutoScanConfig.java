package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An automatic scan configuration is the stored schedule of an instance: when scans of it start, and with which limits.
 *
 * @param instanceId the instance that is scanned
 * @param enabled whether the schedule starts scans; if true, the next four values are not null
 * @param firstScanAt when the first scan starts; later starts are counted from this time
 * @param interval the time between two starts; zero means a single start
 * @param timeout the time after which an automatic scan fails if it is still active
 * @param scanKeysCount the COUNT of a SCAN call, 10 to 1000; {@link #rateCeiling} follows from it
 * @param version the number of this configuration: 1 for the first one, raised by 1 with every change
 * @param lastDue due time of the last start that is done, without the delay of the spread (which distributes the starts
 *     of different instances). A start is done when a scan was started for it, when it was skipped, or when a change of
 *     the schedule has left it out. Null if no start is done
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

    /**
     * The number of SCAN calls per second in Huawei Cloud DCS (Distributed Cache Service). Its user guide describes one
     * call with the configured COUNT every 5 ms.
     */
    static final long SCAN_CALLS_PER_SECOND = 200;

    /**
     * Returns whether the instance has a configuration. A removed configuration leaves a row that is disabled and has
     * no values, and this method returns false for it.
     */
    public boolean isSet() {
        return enabled || firstScanAt != null || interval != null || timeout != null || scanKeysCount != null;
    }

    /** Returns this configuration with another {@link #lastDue}. */
    AutoScanConfig withLastDue(@Nullable Instant due) {
        return new AutoScanConfig(
                instanceId, enabled, firstScanAt, interval, timeout, scanKeysCount, version, due, updatedAt);
    }

    /** Returns the schedule that calculates when starts are due. The configuration must be enabled. */
    AutoScanSchedule schedule() {
        return new AutoScanSchedule(Objects.requireNonNull(firstScanAt), Objects.requireNonNull(interval));
    }

    /**
     * Returns the first start after a moment; empty if there is none, or if the configuration is disabled. Windows and
     * spread are not taken into account.
     */
    public Optional<Instant> startAfter(Instant moment) {
        return enabled ? schedule().dueAfter(moment) : Optional.empty();
    }

    /**
     * Returns the maximum number of keys that a scan may visit per second, or null if {@code scanKeysCount} is not set.
     */
    public @Nullable Long rateCeiling() {
        return scanKeysCount == null ? null : SCAN_CALLS_PER_SECOND * scanKeysCount;
    }
}
