package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up the counts of a sweep by database over all its runs.
 *
 * <p>A sweep is the part of a scan that visits one primary. A run is the work of one worker on the sweep without a
 * break. Some keys that a lost worker has reclaimed are known only from the server's own counter. That counter does not
 * say in which database the keys were. This class counts such keys for the database in which the current run began, so
 * that the counts by database add up to the counts of the sweep. Only one thread may use an object of this class.
 */
final class DatabaseCounts {

    /** Counts of all earlier runs by database number. */
    private final Map<Integer, DatabaseCount> earlierRuns;

    /** Number of the database that this run began in. */
    private final int resumedDatabase;

    /** Counts as they were stored last, so that only changed ones are written. */
    private final Map<Integer, DatabaseCount> storedCounts = new HashMap<>();

    /**
     * Creates the counts of a run.
     *
     * @param earlierRuns counts of all earlier runs by database
     * @param resumedDatabase number of the database that the run begins in
     */
    DatabaseCounts(Map<Integer, DatabaseCount> earlierRuns, int resumedDatabase) {
        this.earlierRuns = Map.copyOf(earlierRuns);
        this.resumedDatabase = resumedDatabase;
        this.storedCounts.putAll(earlierRuns);
    }

    /**
     * Returns the counts over all runs, in no order. Leaves out databases whose counts are the same as the stored
     * counts.
     *
     * @param visited keys that the whole sweep has visited
     * @param reclaimed keys that the whole sweep has reclaimed
     * @param thisRun counts of this run until now, by database
     */
    List<DatabaseCount> changedCounts(long visited, long reclaimed, List<DatabaseCount> thisRun) {
        Map<Integer, DatabaseCount> sums = new HashMap<>(earlierRuns);
        thisRun.forEach(count -> add(sums, count));
        long visitedByDatabase =
                sums.values().stream().mapToLong(DatabaseCount::visited).sum();
        long reclaimedByDatabase =
                sums.values().stream().mapToLong(DatabaseCount::reclaimed).sum();
        if (visited > visitedByDatabase || reclaimed > reclaimedByDatabase) {
            // The counts of the databases add up to less than the counts of the sweep. The difference is added to the
            // database in which this run began. One of the two differences can be negative: an estimate of the sweep
            // can be corrected downwards, but the counts of a database only grow. A negative difference is treated as
            // 0.
            add(
                    sums,
                    new DatabaseCount(
                            resumedDatabase,
                            Math.max(0, visited - visitedByDatabase),
                            Math.max(0, reclaimed - reclaimedByDatabase)));
        }
        return sums.values().stream()
                .filter(count -> !count.equals(storedCounts.get(count.db())))
                .toList();
    }

    /** Notes that the caller has stored counts that {@link #changedCounts} had returned. */
    void markStored(List<DatabaseCount> counts) {
        counts.forEach(count -> storedCounts.put(count.db(), count));
    }

    private static void add(Map<Integer, DatabaseCount> sums, DatabaseCount added) {
        sums.merge(
                added.db(),
                added,
                (one, other) -> new DatabaseCount(
                        one.db(), one.visited() + other.visited(), one.reclaimed() + other.reclaimed()));
    }
}
