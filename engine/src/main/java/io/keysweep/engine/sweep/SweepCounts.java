package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the keys that a sweep has visited and reclaimed, over all its runs, and tracks whether the count is exact.
 *
 * <p>A run is the work of one process on the sweep; after a crash another run continues it. A checkpoint stores the
 * positions and counts from which a later run continues. A step is one call that visits keys: DBSIZE, SCAN and DBSIZE
 * again. The number by which DBSIZE falls is the number of keys that the step has reclaimed.
 *
 * <p><b>Steps run at least once.</b> After a crash or a broken connection the sweep repeats all steps since the last
 * confirmed positions. Repeating them reclaims nothing twice, since a reclaimed key no longer exists. But the sweep
 * must still learn how many keys the <i>uncertain steps</i> reclaimed. The server may have run these steps, but their
 * replies were not counted, because the connection broke or the process ended before the next checkpoint.
 *
 * <p><b>The server's own counter shows this number.</b> INFO {@code expired_keys} counts every expired key that the
 * server removes. This class tracks the value that the counter must have after the counted steps. Any growth beyond
 * that value was caused by the uncertain steps or by others: the server's own expiry cycle, or a client that read an
 * expired key.
 *
 * <ul>
 * <li>No uncertain step: the count is exact, no matter what others do.
 * <li>Uncertain steps, and others cannot have expired keys: the growth is added, and the count stays exact.
 * <li>Uncertain steps, and others may have expired keys: the growth is added, but at most the number of keys that the
 * steps have probably reclaimed, and the count becomes an estimate. Others may have expired keys in three cases: the
 * counter once grew faster than the counted steps; it has grown by more than the steps can have reclaimed (see {@link
 * UncertainSteps}); or INFO shows traces of others (see {@link ServerStatus#expiryTraces}).
 * <li>Late steps: if Keysweep cannot end the steps of an earlier session, they may run later. Later growth is added,
 * but at most the number of keys that these steps can reclaim, and the count becomes an estimate. Once others were seen
 * to expire keys, no more growth is added.
 * <li>Uncertain steps, and the counter is lost, because the server process ended or the counter was reset: the count
 * becomes an estimate.
 * <li>A failover to a replica that may not have received all deletions of the sweep: the deleted keys may be back, and
 * be reclaimed and counted again, so the count becomes an estimate. {@link DeletionPoint} can prove that the replica
 * received all deletions.
 * </ul>
 *
 * <p>Used by the sweep's thread only.
 */
final class SweepCounts {

    private final CountExactness exactness;

    /** The numbers of visited and reclaimed keys in this run, by database number. */
    private final SortedMap<Integer, DatabaseCount> databases = new TreeMap<>();

    /** Keys visited over all runs. */
    private long visited;

    /** Keys reclaimed over all runs. */
    private long reclaimed;

    /** The number of steps counted in this run. */
    private long steps;

    /** The longest busy time of a step in this run. */
    private Duration longestStall = Duration.ZERO;

    /** The latest reading of the server's counter and of the traces of others. */
    private ExpiryReading reading;

    /** The number of keys reclaimed by counted steps since {@link #reading}. */
    private long reclaimedSinceReading;

    /**
     * The maximum number of keys that late steps can still reclaim, see the class Javadoc; 0 if there are no late
     * steps.
     */
    private long maxReclaimedLate;

    /**
     * Holds the facts about uncertain steps that are needed to settle them.
     *
     * @param atMost the largest number of keys that the steps can have reclaimed
     * @param likely the number of keys that they have probably reclaimed; no more than this are counted if others may
     *     also have expired keys
     * @param othersUnseen whether nothing shows that others have expired keys
     * @param stepsEnded whether it is certain that none of the steps can still run
     */
    record Settlement(long atMost, long likely, boolean othersUnseen, boolean stepsEnded) {}

    /**
     * Starts with the counts of a checkpoint, or with zero if there is none.
     *
     * @param checkpoint the last checkpoint of the earlier run; null for a new sweep
     * @param newReading the current reading
     */
    SweepCounts(@Nullable Checkpoint checkpoint, ExpiryReading newReading) {
        if (checkpoint != null) {
            visited = checkpoint.visited();
            reclaimed = checkpoint.reclaimed();
        }
        exactness = new CountExactness(checkpoint);
        reading = newReading;
    }

    /**
     * Adds a step whose reply was received.
     *
     * @param db the database that the step ran in
     * @param outcome the counts of the step
     * @param stall how long the step kept the server busy
     * @param atomic whether the step's method is atomic, so that its count is exact, see
     *     {@link io.keysweep.engine.reclaim.ReclaimMethod#atomic}
     */
    void addStep(int db, StepOutcome outcome, Duration stall, boolean atomic) {
        if (!atomic) {
            exactness.recordNonAtomicStep();
        }
        addKeys(db, outcome.visited(), outcome.reclaimed());
        reclaimedSinceReading += outcome.reclaimed();
        steps++;
        if (stall.compareTo(longestStall) > 0) {
            longestStall = stall;
        }
    }

    /**
     * Compares the server's counter with the counted steps, to learn whether others also expire keys. Growth that late
     * steps can explain is added to the counts. Later calls compare with this reading.
     *
     * @param newReading a reading that the server made after all counted steps and before all others; no step may be
     *     uncertain
     */
    void compareWithServer(ExpiryReading newReading) {
        if (newReading.counter().isPresent() && reading.counter().isPresent()) {
            long growthByOthers = newReading.counter().getAsLong() - expectedServerCounter();
            // Once others expire keys, nothing shows which part of the growth late steps have caused.
            if (growthByOthers > 0 && !exactness.otherExpirySeen()) {
                growthByOthers -= addLateSteps(growthByOthers);
            }
            // A counter that fell was reset by another client. The reset hides how many keys others have expired.
            if (growthByOthers != 0) {
                exactness.recordOtherExpiry();
            }
        }
        trackFrom(newReading);
    }

    /**
     * Counts growth of the server's counter as keys of late steps, up to the number that they can still reclaim.
     * Returns the counted part.
     */
    private long addLateSteps(long growth) {
        long lateKeys = Math.min(growth, maxReclaimedLate);
        // Late steps need not run at the same time, since a slow network delays each of them, so more growth can
        // follow.
        maxReclaimedLate -= lateKeys;
        visited += lateKeys;
        reclaimed += lateKeys;
        if (lateKeys > 0) {
            exactness.recordUnsettledSteps();
        }
        return lateKeys;
    }

    /**
     * Returns the value that the server's counter of expired keys must have after the counted steps if no others expire
     * keys. An unknown counter counts from 0.
     */
    long expectedServerCounter() {
        return reading.counter().orElse(0) + reclaimedSinceReading;
    }

    /** Returns the traces that others had left when the server was last read. */
    String traces() {
        return reading.traces();
    }

    /**
     * Counts the keys that uncertain steps reclaimed, by the growth of the server's counter, as the class Javadoc
     * explains. If the counter is unknown, these keys cannot be counted and the count becomes an estimate.
     *
     * @param db the database to count the keys in; null for the steps of an earlier run
     * @param expiredBefore the server's counter after the last counted step
     * @param newReading the current reading
     * @param settlement the facts about the steps
     */
    void settleUncertainSteps(
            @Nullable Integer db, long expiredBefore, ExpiryReading newReading, Settlement settlement) {
        if (!settlement.stepsEnded()) {
            maxReclaimedLate += settlement.atMost();
        }
        if (newReading.counter().isEmpty()) {
            exactness.recordUnsettledSteps();
        } else {
            addGrowth(db, newReading.counter().getAsLong() - expiredBefore, settlement);
        }
        trackFrom(newReading);
    }

    /**
     * Adds the part of the counter's growth that the uncertain steps have caused, certainly or probably.
     *
     * @param db the database to count the keys in; null for the steps of an earlier run
     * @param growth by how much the counter exceeds its value after the last counted step
     */
    private void addGrowth(@Nullable Integer db, long growth, Settlement settlement) {
        if (growth < 0 || growth > settlement.atMost()) {
            exactness.recordOtherExpiry();
        }
        // A counter that fell was reset by another client (CONFIG RESETSTAT), so the growth by the steps is unknown.
        if (growth < 0) {
            exactness.recordUnsettledSteps();
        }
        // There is nothing to count if no key has expired, the growth is unknown, or others have caused all of it.
        if (growth <= 0 || settlement.atMost() == 0) {
            return;
        }

        boolean othersUnseen = settlement.othersUnseen() && !exactness.otherExpirySeen();
        long reclaimedBySteps =
                othersUnseen ? growth : Math.min(growth, Math.min(settlement.likely(), settlement.atMost()));
        exactness.recordUncertainStepsCounted();
        if (!othersUnseen) {
            exactness.recordUnsettledSteps();
        }

        // The counts by database contain only this run, so keys of an earlier run are added to the totals alone.
        if (db == null) {
            visited += reclaimedBySteps;
            reclaimed += reclaimedBySteps;
        } else {
            // The replies are lost, so only the reclaimed keys among the visited ones are known.
            long visitedBySteps = reclaimedBySteps;
            addKeys(db, visitedBySteps, reclaimedBySteps);
        }
    }

    /**
     * Records that uncertain steps can never be counted, since the server process that ran them has ended or can no
     * longer be reached. The count becomes an estimate.
     */
    void loseUncertainSteps(ExpiryReading newReading) {
        exactness.recordUnsettledSteps();
        trackNewProcess(newReading);
    }

    /** Tracks the counter of a new server process, on which no step of an earlier session can run. */
    void trackNewProcess(ExpiryReading newReading) {
        maxReclaimedLate = 0;
        trackFrom(newReading);
    }

    /**
     * Records that reclaimed keys may be back on the server, since nothing proves that it has received all deletions.
     * The sweep reclaims and counts such keys again, so the count becomes an estimate. Does nothing while the count is
     * 0.
     */
    void recordReturnedKeys() {
        if (reclaimed > 0) {
            exactness.recordReturnedKeys();
        }
    }

    /** Tracks the server's counter from this reading on. */
    void trackFrom(ExpiryReading newReading) {
        reading = newReading;
        reclaimedSinceReading = 0;
    }

    private void addKeys(int db, long moreVisited, long moreReclaimed) {
        visited += moreVisited;
        reclaimed += moreReclaimed;
        databases.merge(db, new DatabaseCount(db, moreVisited, moreReclaimed), DatabaseCount::plus);
    }

    /** Returns the keys visited over all runs. */
    long visited() {
        return visited;
    }

    /** Returns the keys reclaimed over all runs. */
    long reclaimed() {
        return reclaimed;
    }

    /** Returns the keys reclaimed in this run, without late steps and the uncertain steps of an earlier run. */
    long reclaimedInThisRun() {
        return databases.values().stream().mapToLong(DatabaseCount::reclaimed).sum();
    }

    /** Returns the steps counted in this run. */
    long steps() {
        return steps;
    }

    /** Returns the longest busy time of a step in this run. */
    Duration longestStall() {
        return longestStall;
    }

    /** Returns whether a client or the server itself was seen to expire keys, in any run of this sweep. */
    boolean otherExpirySeen() {
        return exactness.otherExpirySeen();
    }

    /** Returns whether {@link #reclaimed} is an exact count and not an estimate, see {@link CountExactness#exact}. */
    boolean exact() {
        return exactness.exact();
    }

    /** Returns why the count has become an estimate in this run, see {@link CountExactness#estimateReason}. */
    @Nullable String estimateReason() {
        return exactness.estimateReason();
    }

    /** Returns the counts of each database in this run. */
    List<DatabaseCount> databases() {
        return List.copyOf(databases.values());
    }
}
