package io.keysweep.server.scan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that sweeps the primaries of an instance once.
 *
 * @param id its id in both APIs
 * @param instanceId what is swept
 * @param type who started it
 * @param state where it stands
 * @param timeout how long it may run
 * @param rateCeiling most keys visited a second, or null
 * @param failure why it failed, or null
 * @param createdAt when it was asked for
 * @param startedAt when a worker took it up, or null
 * @param finishedAt when it ended, or null
 * @param sweeps one a primary
 */
public record Scan(
        UUID id,
        UUID instanceId,
        ScanType type,
        ScanState state,
        Duration timeout,
        @Nullable Long rateCeiling,
        @Nullable String failure,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<SweepRecord> sweeps) {

    public Scan {
        sweeps = List.copyOf(sweeps);
    }

    /** Keys visited so far. */
    public long visited() {
        return sweeps.stream().mapToLong(SweepRecord::visited).sum();
    }

    /** Expired keys reclaimed so far. */
    public long reclaimed() {
        return sweeps.stream().mapToLong(SweepRecord::reclaimed).sum();
    }

    /** Whether {@link #reclaimed()} is an exact count on every primary. */
    public boolean exact() {
        return sweeps.stream().allMatch(SweepRecord::exact);
    }

    /** How much of the key space is done, 0 to 1. */
    public double fraction() {
        return sweeps.stream().mapToDouble(SweepRecord::fraction).average().orElse(0);
    }

    /** Longest step on any primary. */
    public Duration longestStall() {
        return sweeps.stream()
                .map(SweepRecord::longestStall)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Why it rests at the moment, or null. */
    public @Nullable String hold() {
        return sweeps.stream()
                .map(SweepRecord::hold)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
