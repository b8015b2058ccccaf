package io.keysweep.server.scan;

import io.keysweep.engine.topology.SlotSet;
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
 * @param sweeps one a primary and round; none of a cluster that is not planned yet
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

    private static final double MOST_BEFORE_THE_END = 0.99;

    public Scan {
        sweeps = List.copyOf(sweeps);
    }

    /** When it times out, or null before it has begun. */
    @Nullable Instant deadline() {
        return startedAt == null ? null : startedAt.plus(timeout);
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

    /**
     * How much of the key space is done, 0 to 1. By the first round, as later ones only do again what has moved; with
     * several primaries not 1 before the end, as there may be such.
     */
    public double fraction() {
        if (state == ScanState.SUCCESS) {
            return 1;
        }
        List<SweepRecord> first =
                sweeps.stream().filter(sweep -> sweep.round() == 1).toList();
        double mean =
                first.stream().mapToDouble(SweepRecord::fraction).average().orElse(0);
        return first.size() > 1 ? Math.min(MOST_BEFORE_THE_END, mean) : mean;
    }

    /**
     * About how long the rest takes: as long as the slowest sweep that is under way. Null while that cannot be told, which is
     * so while there are sweeps that have not begun.
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

    /** Slots that some primary has covered from start to end. */
    SlotSet covered() {
        return sweeps.stream()
                .map(SweepRecord::covered)
                .filter(Objects::nonNull)
                .reduce(SlotSet.NONE, SlotSet::union);
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
