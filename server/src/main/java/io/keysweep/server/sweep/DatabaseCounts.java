package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up the counts of a sweep by database over all its runs.
 *
 * <p>The sums always give the counts of the whole sweep. Keys whose database is not known, because the steps of a lost
 * worker were settled by the server's own counter, count for the database that the sweep was in when it was resumed.
 * Used by one thread.
 */
final class DatabaseCounts {

    private final Map<Integer, DatabaseCount> earlierRuns;
    private final int resumedIn;

    /** Counts as they were stored last, so that only changed ones are written. */
    private final Map<Integer, DatabaseCount> stored = new HashMap<>();

    /**
     * Creates the counts of a run.
     *
     * @param earlierRuns counts of all earlier runs by database
     * @param resumedIn database that the run begins in
     */
    DatabaseCounts(Map<Integer, DatabaseCount> earlierRuns, int resumedIn) {
        this.earlierRuns = Map.copyOf(earlierRuns);
        this.resumedIn = resumedIn;
        this.stored.putAll(earlierRuns);
    }

    /**
     * Returns the counts over all runs that differ from those that {@link #markStored} has got last.
     *
     * @param visited keys that the whole sweep has visited
     * @param reclaimed keys that the whole sweep has reclaimed
     * @param thisRun counts of this run
     */
    List<DatabaseCount> changed(long visited, long reclaimed, List<DatabaseCount> thisRun) {
        Map<Integer, DatabaseCount> sums = new HashMap<>(earlierRuns);
        thisRun.forEach(count -> add(sums, count));
        long visitedByDatabase =
                sums.values().stream().mapToLong(DatabaseCount::visited).sum();
        long reclaimedByDatabase =
                sums.values().stream().mapToLong(DatabaseCount::reclaimed).sum();
        if (visited > visitedByDatabase || reclaimed > reclaimedByDatabase) {
            add(sums, new DatabaseCount(resumedIn, visited - visitedByDatabase, reclaimed - reclaimedByDatabase));
        }
        return sums.values().stream()
                .filter(count -> !count.equals(stored.get(count.db())))
                .toList();
    }

    /** Remembers counts that were stored. */
    void markStored(List<DatabaseCount> counts) {
        counts.forEach(count -> stored.put(count.db(), count));
    }

    private static void add(Map<Integer, DatabaseCount> sums, DatabaseCount more) {
        sums.merge(
                more.db(),
                more,
                (one, other) -> new DatabaseCount(
                        one.db(), one.visited() + other.visited(), one.reclaimed() + other.reclaimed()));
    }
}
