package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the keys and counts of a sweep by database (0, 1, 2, …), in the table {@code sweep_database}.
 *
 * <p>The table has one row for each database that contained keys before the first run or after any run, or that was
 * visited. A sweep is the part of a scan that visits one primary. A run is the work of one worker on the sweep without
 * a break.
 */
final class DatabaseRows {

    /** Adds a database of a sweep; {@code keys_after} and {@code expires_after} are null until a run ends. */
    private static final String INSERT = """
            insert into sweep_database (scan_id, round, node_id, db, visited, reclaimed, keys_before, expires_before)
            values (:scanId, :round, :nodeId, :db, :visited, :reclaimed, :keysBefore, :expiresBefore)
            """;

    private DatabaseRows() {}

    /**
     * Begins a run, and returns the counts of the earlier runs, to which the run adds. The first run of a sweep also
     * stores {@code keys_before} and {@code expires_before}, with one row for each database that contains keys.
     *
     * @param inspection state of the server when the run begins
     * @param isFirstRun false if an earlier run of the sweep has stored its rows
     */
    static DatabaseCounts beginRun(LockedSweep sweep, PrimarySummary inspection, boolean isFirstRun) {
        if (isFirstRun) {
            Map<Integer, DatabaseCount> counts = new HashMap<>();
            inspection.keys().forEach((db, keys) -> {
                DatabaseCount count = nothingVisited(db);
                insert(sweep, count, keys, inspection.expires().getOrDefault(db, 0L));
                counts.put(db, count);
            });
            return new DatabaseCounts(counts, lowest(counts));
        }
        Map<Integer, DatabaseCount> earlierCounts = sweep
                .statement("select * from sweep_database where " + LockedSweep.SWEEP_KEY_MATCH)
                .query((row, number) ->
                        new DatabaseCount(row.getInt("db"), row.getLong("visited"), row.getLong("reclaimed")))
                .list()
                .stream()
                .collect(Collectors.toMap(DatabaseCount::db, Function.identity()));
        // The run resumes in the first database that is not swept completely. Without such a position, it begins at the
        // lowest database.
        int resumedDatabase = PositionRows.list(sweep.jdbc(), sweep.key()).stream()
                .filter(position -> !position.complete())
                .map(DatabasePosition::db)
                .findFirst()
                .orElseGet(() -> lowest(earlierCounts));
        return new DatabaseCounts(earlierCounts, resumedDatabase);
    }

    private static int lowest(Map<Integer, DatabaseCount> counts) {
        return counts.keySet().stream().min(Integer::compare).orElse(0);
    }

    /** Stores the counts of databases over all runs of the sweep. */
    static void store(LockedSweep sweep, List<DatabaseCount> counts) {
        for (DatabaseCount count : counts) {
            int changedRows = sweep.statement(
                            "update sweep_database set visited = :visited, reclaimed = :reclaimed where "
                                    + LockedSweep.SWEEP_KEY_MATCH + " and db = :db")
                    .param("db", count.db())
                    .param("visited", count.visited())
                    .param("reclaimed", count.reclaimed())
                    .update();
            if (changedRows == 0) {
                // The database was empty when the sweep began.
                insert(sweep, count, /* keysBefore= */ 0, /* expiresBefore= */ 0);
            }
        }
    }

    private static DatabaseCount nothingVisited(int db) {
        return new DatabaseCount(db, /* visited= */ 0, /* reclaimed= */ 0);
    }

    private static void insert(LockedSweep sweep, DatabaseCount count, long keysBefore, long expiresBefore) {
        sweep.statement(INSERT)
                .param("db", count.db())
                .param("visited", count.visited())
                .param("reclaimed", count.reclaimed())
                .param("keysBefore", keysBefore)
                .param("expiresBefore", expiresBefore)
                .update();
    }

    /**
     * Ends a run: stores the numbers of keys after the run, which replace the numbers after an earlier run.
     *
     * @param keysAfter numbers of keys after the run; null if they are not known, and the method then does nothing
     */
    static void endRun(LockedSweep sweep, @Nullable Keyspace keysAfter) {
        if (keysAfter == null) {
            return;
        }
        // All databases are set to 0 keys first, because INFO leaves out databases that are empty now.
        sweep.statement("update sweep_database set keys_after = 0, expires_after = 0 where "
                        + LockedSweep.SWEEP_KEY_MATCH)
                .update();
        keysAfter.keys().forEach((db, keys) -> {
            if (!updateKeysAfter(sweep, db, keys, keysAfter)) {
                // The database was empty when the sweep began, and the sweep has not visited it.
                insert(sweep, nothingVisited(db), /* keysBefore= */ 0, /* expiresBefore= */ 0);
                updateKeysAfter(sweep, db, keys, keysAfter);
            }
        });
    }

    /** Updates the numbers of keys after a run in one database. Returns false if the database has no row yet. */
    private static boolean updateKeysAfter(LockedSweep sweep, int db, long keys, Keyspace keysAfter) {
        return sweep.statement("update sweep_database set keys_after = :keys, expires_after = :expires where "
                                + LockedSweep.SWEEP_KEY_MATCH + " and db = :db")
                        .param("db", db)
                        .param("keys", keys)
                        .param("expires", keysAfter.expires().getOrDefault(db, 0L))
                        .update()
                == 1;
    }
}
