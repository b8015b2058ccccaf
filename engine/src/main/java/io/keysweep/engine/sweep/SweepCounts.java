package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the keys that a sweep has visited and reclaimed, over all its runs, and knows whether the count is exact.
 *
 * <p>A run is the work of one process on the sweep; after a crash another run continues it.
 *
 * <p><b>Steps run at least once.</b> After a crash or a broken connection the sweep repeats all steps since the last
 * confirmed positions. Repeating them reclaims nothing twice, since a reclaimed key no longer exists. But the sweep
 * must still learn what the <i>uncertain steps</i> reclaimed: steps that the server may have run, but whose reply was
 * not counted, because the connection broke or because the process ended before the next checkpoint.
 *
 * <p><b>The server's own counter shows it.</b> INFO {@code expired_keys} counts every expired key that the server
 * removes. This class tracks the value that it must have after the counted steps. Whatever the counter has grown beyond
 * that was reclaimed by the uncertain steps, or by others: the server's own expiry cycle, or a client that read an
 * expired key.
 *
 * <ul>
 *   <li>No uncertain step: the count is exact, no matter what others do.
 *   <li>Uncertain steps, and no expiry by others seen: the growth is added, and the count stays exact.
 *   <li>Uncertain steps, and expiry by others seen (the counter once grew faster than the counted steps): the growth is
 *       added up to a bound, see {@link UncertainSteps}, and the count becomes an estimate.
 *   <li>The counter is lost, because the server process ended or the counter was reset: the count becomes an estimate.
 * </ul>
 *
 * <p>Used by the sweep's thread only.
 */
final class SweepCounts {

    /** Visited and reclaimed keys in this run, by database number. */
    private final SortedMap<Integer, long[]> databases = new TreeMap<>();

    private long visited;
    private long reclaimed;
    private long steps;
    private Duration longestStall = Duration.ZERO;

    /** The server's counter when it was last read; empty if the server does not report it. */
    private OptionalLong serverCounter;

    /** Keys reclaimed by counted steps since {@link #serverCounter} was read. */
    private long reclaimedSinceReading;

    /** Whether a client or the server itself was seen to expire keys during the sweep. */
    private boolean otherExpirySeen;
    /** Whether keys of uncertain steps are part of the count. */
    private boolean uncertainStepsCounted;
    /** Whether keys of uncertain steps may be missing from the count. */
    private boolean uncertainStepsLost;

    /**
     * Starts at the counts of a checkpoint, or at zero without one.
     *
     * @param checkpoint the last checkpoint of the earlier run; null for a new sweep
     * @param expiredNow the server's counter now
     */
    SweepCounts(@Nullable Checkpoint checkpoint, OptionalLong expiredNow) {
        if (checkpoint != null) {
            visited = checkpoint.visited();
            reclaimed = checkpoint.reclaimed();
            uncertainStepsLost = !checkpoint.exact();
            otherExpirySeen = !checkpoint.alone();
        }
        serverCounter = expiredNow;
    }

    /**
     * Adds a step whose reply was received.
     *
     * @param db the database that the step ran in
     * @param outcome the counts of the step
     * @param stall how long the step kept the server busy
     */
    void addStep(int db, StepOutcome outcome, Duration stall) {
        addKeys(db, outcome.visited(), outcome.reclaimed());
        reclaimedSinceReading += outcome.reclaimed();
        steps++;
        if (stall.compareTo(longestStall) > 0) {
            longestStall = stall;
        }
    }

    /**
     * Compares the server's counter with the counted steps, to learn whether others expire keys too.
     *
     * @param expiredNow the counter, read with no step in flight and none uncertain
     */
    void compareWithServer(OptionalLong expiredNow) {
        if (expiredNow.isPresent()
                && serverCounter.isPresent()
                && expiredNow.getAsLong() != serverCounter.getAsLong() + reclaimedSinceReading) {
            otherExpirySeen = true;
        }
        trackFrom(expiredNow);
    }

    /**
     * Returns the value that the server's counter of expired keys must have after the counted steps if no others expire
     * keys.
     */
    long expectedServerCounter() {
        return serverCounter.orElse(0) + reclaimedSinceReading;
    }

    /**
     * Counts what uncertain steps reclaimed, by the growth of the server's counter.
     *
     * @param db the database to count the keys in; null for the steps of an earlier run
     * @param expiredBefore the server's counter after the last counted step
     * @param expiredNow the server's counter now
     * @param bound the largest number of keys that the uncertain steps can have reclaimed, see {@link UncertainSteps}
     * @param quiet whether no expiry by others was seen; if false and keys are added, the count becomes an estimate
     */
    void settleUncertainSteps(
            @Nullable Integer db, long expiredBefore, OptionalLong expiredNow, long bound, boolean quiet) {
        otherExpirySeen |= !quiet;
        if (expiredNow.isEmpty()) {
            uncertainStepsLost = true;
        } else {
            long growth = expiredNow.getAsLong() - expiredBefore;
            // More growth than the uncertain steps can have caused proves that others expire keys.
            otherExpirySeen |= growth < 0 || growth > bound;
            long ours = Math.clamp(growth, 0, bound);
            if (ours > 0) {
                uncertainStepsCounted = true;
                // Steps of an earlier run are not part of the counts of this run by database.
                if (db == null) {
                    visited += ours;
                    reclaimed += ours;
                } else {
                    addKeys(db, ours, ours);
                }
            }
            // The counter fell: another client has reset the statistics (CONFIG RESETSTAT).
            uncertainStepsLost |= growth < 0;
        }
        trackFrom(expiredNow);
    }

    /** Records that uncertain steps can never be counted, since the server process that ran them has ended. */
    void loseUncertainSteps(OptionalLong expiredNow) {
        uncertainStepsLost = true;
        trackFrom(expiredNow);
    }

    /** Tracks the server's counter from this value on, for example that of a new server process. */
    void trackFrom(OptionalLong expiredNow) {
        serverCounter = expiredNow;
        reclaimedSinceReading = 0;
    }

    private void addKeys(int db, long moreVisited, long moreReclaimed) {
        visited += moreVisited;
        reclaimed += moreReclaimed;
        long[] counts = databases.computeIfAbsent(db, ignored -> new long[2]);
        counts[0] += moreVisited;
        counts[1] += moreReclaimed;
    }

    /** Returns the keys visited over all runs. */
    long visited() {
        return visited;
    }

    /** Returns the keys reclaimed over all runs. */
    long reclaimed() {
        return reclaimed;
    }

    /** Returns the keys reclaimed in this run, without the uncertain steps of an earlier run. */
    long reclaimedInThisRun() {
        return databases.values().stream().mapToLong(counts -> counts[1]).sum();
    }

    /** Returns the steps counted in this run. */
    long steps() {
        return steps;
    }

    /** Returns the longest busy time of a step in this run. */
    Duration longestStall() {
        return longestStall;
    }

    /** Returns whether a client or the server itself was seen to expire keys, in any run. */
    boolean otherExpirySeen() {
        return otherExpirySeen;
    }

    /** Returns whether {@link #reclaimed} is an exact count and not an estimate. */
    boolean exact() {
        return !uncertainStepsLost && !(uncertainStepsCounted && otherExpirySeen);
    }

    /** Returns the counts of each database in this run. */
    List<DatabaseCount> databases() {
        return databases.entrySet().stream()
                .map(entry -> new DatabaseCount(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                .toList();
    }
}
