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
 * A scan sweeps every primary of an instance, to remove expired keys that still hold memory.
 *
 * <p>An instance is a server, Sentinel deployment or cluster that a project has registered; a primary is a server that
 * accepts writes. The sweep of one primary visits all its keys, because a server removes an expired key when the key is
 * visited.
 *
 * <p>The scan of a cluster proceeds in rounds. The first round sweeps all primaries. Later rounds sweep the slots
 * (parts of the key space) that have moved from one primary to another in the meantime. An instance has at most one
 * active scan, that is, one that waits or runs.
 *
 * <p>This record is a copy of the stored rows as they were when {@link ScanStore} read them. It does not change.
 *
 * @param id id of the scan in the native API and the DCS API (the API of Huawei Cloud's Distributed Cache Service)
 * @param instanceId id of the instance that is swept
 * @param type {@code MANUAL} if a request started the scan, {@code AUTO} if the service did
 * @param state state of the scan when it was read
 * @param timeout maximum duration of the scan from {@code startedAt}, including pauses
 * @param rateCeiling maximum number of keys that each sweep visits per second, or null for no ceiling
 * @param failure why the scan failed, in words for users; null if it has not failed
 * @param createdAt when the scan was requested
 * @param startedAt when a worker began the scan; null until then
 * @param finishedAt when the scan ended; null until then
 * @param sweeps one sweep for each primary and round, in the order of rounds and node ids; empty for a cluster until
 *     its first round is planned
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

    /** Maximum of {@link #fraction} for a scan with several primaries until the scan has succeeded. */
    private static final double MAX_FRACTION_BEFORE_SUCCESS = 0.99;

    public Scan {
        sweeps = List.copyOf(sweeps);
    }

    /** Returns this scan with other sweeps. */
    Scan withSweeps(List<SweepRecord> otherSweeps) {
        return new Scan(
                id,
                instanceId,
                type,
                state,
                timeout,
                rateCeiling,
                failure,
                createdAt,
                startedAt,
                finishedAt,
                otherSweeps);
    }

    /** Returns the time at which the scan times out; null until a worker has begun the scan. */
    @Nullable Instant deadline() {
        return startedAt == null ? null : startedAt.plus(timeout);
    }

    /** Returns the number of keys that all sweeps have visited until now. */
    public long visited() {
        return sweeps.stream().mapToLong(SweepRecord::visited).sum();
    }

    /** Returns the number of expired keys that all sweeps have reclaimed until now. */
    public long reclaimed() {
        return sweeps.stream().mapToLong(SweepRecord::reclaimed).sum();
    }

    /**
     * Returns whether {@link #reclaimed} is a count, because every sweep has counted its keys. Otherwise a part of the
     * number is an estimate.
     */
    public boolean exact() {
        return sweeps.stream().allMatch(SweepRecord::exact);
    }

    /**
     * Returns the completed part of the scan, 0 to 1: the mean over the sweeps of the first round. Later rounds are not
     * included, because they repeat slots that have moved. With several primaries, the fraction is at most 0.99 until
     * the scan has succeeded, because another round may follow. Before a worker has begun, the fraction is 0.
     */
    public double fraction() {
        if (state == ScanState.SUCCESS) {
            return 1;
        }
        List<SweepRecord> firstRound =
                sweeps.stream().filter(sweep -> sweep.round() == 1).toList();
        double mean =
                firstRound.stream().mapToDouble(SweepRecord::fraction).average().orElse(0);
        return firstRound.size() > 1 ? Math.min(MAX_FRACTION_BEFORE_SUCCESS, mean) : mean;
    }

    /**
     * Returns the approximate remaining time of the scan: the longest time of its unfinished sweeps, which run side by
     * side. Returns null if one of them is not running or has no estimate yet. Also returns null if no sweep is left,
     * or none is planned yet.
     */
    public @Nullable Duration remaining() {
        Duration longestTime = null;
        for (SweepRecord sweep : sweeps) {
            // How long a hold lasts is not known, so a sweep on hold has no remaining time.
            Duration remaining = sweep.hold() == null ? sweep.remaining() : null;
            if (!sweep.finished() && remaining == null) {
                return null;
            }
            if (remaining != null && (longestTime == null || remaining.compareTo(longestTime) > 0)) {
                longestTime = remaining;
            }
        }
        return longestTime;
    }

    /**
     * Returns the slots that the sweeps have covered until now. A slot is covered if one primary served it from the
     * start of its sweep to the end. Keys of any other slot may have moved past the sweep and were then not visited.
     */
    SlotSet coveredSlots() {
        return sweeps.stream()
                .map(SweepRecord::covered)
                .filter(Objects::nonNull)
                .reduce(SlotSet.NONE, SlotSet::union);
    }

    /** Returns the number of the last planned round, 1 for the first; 0 if none is planned yet. */
    int lastRound() {
        return sweeps.stream().mapToInt(SweepRecord::round).max().orElse(0);
    }

    /** Returns the failure of the first sweep that has one, in words for users; null if no sweep has failed. */
    @Nullable String firstFailure() {
        return sweeps.stream()
                .map(SweepRecord::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns the duration of the longest step on any primary; zero before the first step. A step is one call that
     * visits keys; other clients of the server wait for its end.
     */
    public Duration longestStall() {
        return sweeps.stream()
                .map(SweepRecord::longestStall)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /**
     * Returns why the scan makes no steps at present, in words for users, as its sweeps have recorded it. Returns null
     * if the scan is not on hold.
     *
     * <p>A scan with several sweeps is not on hold while any sweep makes steps. If several sweeps are on hold, the
     * reason of the first sweep is returned.
     */
    public @Nullable String hold() {
        boolean makesSteps =
                sweeps.stream().anyMatch(sweep -> !sweep.finished() && sweep.runs() > 0 && sweep.hold() == null);
        if (makesSteps) {
            return null;
        }
        return sweeps.stream()
                .map(SweepRecord::hold)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
