package io.keysweep.server.scan;

import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A scan is a task that sweeps the primaries of an instance once.
 *
 * @param id the scan's id in both APIs
 * @param instanceId the instance that is swept
 * @param type what started the scan
 * @param state the present state
 * @param timeout how long the scan may run
 * @param rateCeiling maximum number of keys visited in a second, or null
 * @param failure why the scan failed, or null
 * @param createdAt when the scan was requested
 * @param startedAt when a worker began it, or null
 * @param finishedAt when it ended, or null
 * @param sweeps one for each primary and round; none for a cluster before its first round is planned
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

    private static final double MAX_FRACTION_BEFORE_THE_END = 0.99;

    public Scan {
        sweeps = List.copyOf(sweeps);
    }

    /** Returns when the scan times out, or null before it has begun. */
    @Nullable Instant deadline() {
        return startedAt == null ? null : startedAt.plus(timeout);
    }

    /** Returns the number of keys visited so far. */
    public long visited() {
        return sweeps.stream().mapToLong(SweepRecord::visited).sum();
    }

    /** Returns the number of expired keys reclaimed so far. */
    public long reclaimed() {
        return sweeps.stream().mapToLong(SweepRecord::reclaimed).sum();
    }

    /** Returns whether {@link #reclaimed()} is an exact count on every primary. */
    public boolean exact() {
        return sweeps.stream().allMatch(SweepRecord::exact);
    }

    /**
     * Returns how much of the key space is done, 0 to 1. Only the first round counts, as later rounds only repeat slots that
     * have moved. With several primaries the fraction stays below 1 before the end, as another round may follow.
     */
    public double fraction() {
        if (state == ScanState.SUCCESS) {
            return 1;
        }
        List<SweepRecord> first =
                sweeps.stream().filter(sweep -> sweep.round() == 1).toList();
        double mean =
                first.stream().mapToDouble(SweepRecord::fraction).average().orElse(0);
        return first.size() > 1 ? Math.min(MAX_FRACTION_BEFORE_THE_END, mean) : mean;
    }

    /**
     * Returns about how long the scan still takes: as long as its slowest unfinished sweep. Null while a sweep has not begun
     * or has no estimate yet.
     */
    public @Nullable Duration remaining() {
        Duration longest = null;
        for (SweepRecord sweep : sweeps) {
            Duration remaining = sweep.remaining();
            if (!sweep.finished() && remaining == null) {
                return null;
            }
            longest = remaining == null || (longest != null && longest.compareTo(remaining) > 0) ? longest : remaining;
        }
        return longest;
    }

    /** Returns the slots that a primary has covered from start to end. */
    SlotSet covered() {
        return sweeps.stream()
                .map(SweepRecord::covered)
                .filter(Objects::nonNull)
                .reduce(SlotSet.NONE, SlotSet::union);
    }

    /** Returns the longest step on any primary. */
    public Duration longestStall() {
        return sweeps.stream()
                .map(SweepRecord::longestStall)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Returns why the scan is on hold at the moment, or null. */
    public @Nullable String hold() {
        return sweeps.stream()
                .map(SweepRecord::hold)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
