package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The automatic scan configuration of an instance.
 *
 * @param instanceId whose
 * @param enabled whether scans start by themselves; the next four are never null then
 * @param firstScanAt when the first one starts, and what later starts are counted from
 * @param interval between two starts; zero is one single start
 * @param timeout when an automatic scan ends as failed
 * @param scanKeysCount 10 to 1000; read as a ceiling of 200 times as many keys a second
 * @param version raised by every change
 * @param lastDue the last start that was taken, or null
 * @param updatedAt when it was changed last
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

    /** Whether anything was set that was not taken away since. */
    public boolean set() {
        return enabled || firstScanAt != null || interval != null || timeout != null || scanKeysCount != null;
    }

    /** The start that is due next by the schedule alone, empty if there is none any more. */
    Optional<Instant> startAfter(Instant moment) {
        return enabled
                ? new AutoScanSchedule(Objects.requireNonNull(firstScanAt), Objects.requireNonNull(interval))
                        .dueAfter(moment)
                : Optional.empty();
    }

    /**
     * One SCAN with that COUNT every 5 ms is what the DCS user guide describes: 200 of them a second. Null where no
     * count is set.
     */
    public @Nullable Long rateCeiling() {
        return scanKeysCount == null ? null : 200L * scanKeysCount;
    }
}
