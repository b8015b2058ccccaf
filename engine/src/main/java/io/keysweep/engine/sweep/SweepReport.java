package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports the result of one run of a sweep of one primary; {@link SweepEngine#sweep} returns it.
 *
 * <p>A sweep visits keys in steps (one call each). It has several runs if it was interrupted and resumed.
 * Each run has its own report. The counts {@code visited} and {@code reclaimed} include earlier runs.
 *
 * @param nodeId the address of the primary, such as {@code 10.0.0.5:6379}
 * @param profile the kind of server, and the reclaim method
 * @param ending how the run ended
 * @param visited the number of keys visited, over all runs of this sweep. A few keys are visited twice. The number is
 *     an estimate if the method neither uses a script nor sends key names over the network.
 * @param reclaimed the number of expired keys that were removed, over all runs of this sweep
 * @param exact whether {@code reclaimed} is an exact count. It is false in three cases: the method is not atomic, the
 *     result of a step whose reply was lost could only be estimated, or such a step is not counted yet.
 * @param steps the number of steps in this run
 * @param elapsed the duration of this run, including holds (times without steps), but not the time in which memory is
 *     measured at the end
 * @param longestStall the longest time that a step of this run kept the server busy. It is the server's measurement,
 *     which only scripts make, or the round trip minus the idle round trip, which includes noise. If both are reliable,
 *     it is the shorter one, see {@code MeasuredStep}
 * @param memory the server's memory before and after this run
 * @param covered slots that the primary served from the start of the sweep to its end, so that every key in them was
 *     visited. The set is empty if the sweep is not complete; outside a cluster it contains all slots
 * @param orphans the number of orphans by slot: keys that the node holds of a slot that it does not serve. An aborted
 *     migration and {@code CLUSTER DELSLOTS} leave such keys behind. The map is empty outside a cluster, after a
 *     failure, and if the keys could not be counted.
 * @param databases the counts of this run for each database that it visited
 * @param coverage the reason why each covered database is treated as covered, by database number; other databases are
 *     left out
 * @param stepTimes how long the steps of this run have taken
 */
public record SweepReport(
        String nodeId,
        ServerProfile profile,
        Ending ending,
        long visited,
        long reclaimed,
        boolean exact,
        long steps,
        Duration elapsed,
        Duration longestStall,
        MemoryReport memory,
        SlotSet covered,
        SortedMap<Integer, Long> orphans,
        List<DatabaseCount> databases,
        SortedMap<Integer, DatabaseCoverage> coverage,
        StepTimes stepTimes) {

    public SweepReport {
        databases = List.copyOf(databases);
    }

    /** Returns INFO {@code used_memory} when this run began, bytes. */
    public long usedMemoryBefore() {
        return memory.before().usedBytes();
    }

    /** Returns INFO {@code used_memory} after this run, bytes; null if the server did not answer. */
    public @Nullable Long usedMemoryAfter() {
        ServerMemory memoryAfter = memory.after();
        return memoryAfter == null ? null : (Long) memoryAfter.usedBytes();
    }

    /** Names how a run has ended. */
    public enum Ending {
        /** All databases are covered, see {@link #coverage}. */
        COMPLETED,
        /** The deadline of the request passed first. */
        TIMED_OUT,
        /** A user or the service cancelled the sweep, with {@link SweepControl#cancel()}. */
        CANCELLED,
        /** The server could no longer be swept; see {@link SweepEvent.Failed}. */
        FAILED
    }

    /**
     * Reports the counts of one run in one database.
     *
     * @param db the database number
     * @param visited the number of keys visited
     * @param reclaimed the number of expired keys reclaimed
     */
    public record DatabaseCount(int db, long visited, long reclaimed) {

        /** Returns the sum of two counts of the same database. */
        DatabaseCount plus(DatabaseCount other) {
            return new DatabaseCount(db, visited + other.visited, reclaimed + other.reclaimed);
        }
    }
}
