package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the keys and counts of a sweep by database. The table {@code sweep_database} has one row for each
 * database that held keys before or after, or that was visited.
 */
final class DatabaseRows {

    /** Adds a database of a sweep; the numbers of keys after are null until a run ends. */
    private static final String INSERT = """
            insert into sweep_database (scan_id, round, node_id, db, visited, reclaimed, keys_before, expires_before)
            values (:scanId, :round, :nodeId, :db, :visited, :reclaimed, :keysBefore, :expiresBefore)
            """;

    private DatabaseRows() {}

    /**
     * Begins a run: returns the counts that continue those of earlier runs.
     *
     * @param first whether this is the first run of the sweep, whose inspection gives the keys before
     */
    static DatabaseCounts begin(LockedSweep sweep, PrimarySummary inspection, boolean first) {
        if (first) {
            inspection
                    .keys()
                    .forEach((db, keys) -> insert(
                            sweep,
                            new DatabaseCount(db, 0, 0),
                            keys,
                            inspection.expires().getOrDefault(db, 0L)));
        }
        Map<Integer, DatabaseCount> earlier = sweep
                .statement("select * from sweep_database where " + LockedSweep.SWEEP_KEY_MATCH)
                .query((row, number) ->
                        new DatabaseCount(row.getInt("db"), row.getLong("visited"), row.getLong("reclaimed")))
                .list()
                .stream()
                .collect(Collectors.toMap(DatabaseCount::db, Function.identity()));
        // The first database that is not swept completely. Without positions, the sweep begins at the lowest database.
        int resumedDatabase = PositionRows.list(sweep.jdbc(), sweep.key()).stream()
                .filter(position -> !position.complete())
                .map(DatabasePosition::db)
                .findFirst()
                .orElseGet(() -> earlier.keySet().stream().min(Integer::compare).orElse(0));
        return new DatabaseCounts(earlier, resumedDatabase);
    }

    /** Stores the counts of databases over all runs of the sweep. */
    static void store(LockedSweep sweep, List<DatabaseCount> counts) {
        for (DatabaseCount count : counts) {
            int changed = sweep.statement("update sweep_database set visited = :visited, reclaimed = :reclaimed where "
                            + LockedSweep.SWEEP_KEY_MATCH + " and db = :db")
                    .param("db", count.db())
                    .param("visited", count.visited())
                    .param("reclaimed", count.reclaimed())
                    .update();
            if (changed == 0) {
                // The database was empty when the sweep began.
                insert(sweep, count, 0, 0);
            }
        }
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

    /** Ends a run: stores the keys after it, or does nothing if they are not known. */
    static void end(LockedSweep sweep, @Nullable Keyspace after) {
        if (after == null) {
            return;
        }
        // First sets all databases to 0 keys, because INFO leaves out databases that are empty now.
        sweep.statement("update sweep_database set keys_after = 0, expires_after = 0 where "
                        + LockedSweep.SWEEP_KEY_MATCH)
                .update();
        after.keys().forEach((db, keys) -> {
            if (!storeAfter(sweep, db, keys, after)) {
                insert(sweep, new DatabaseCount(db, 0, 0), 0, 0);
                storeAfter(sweep, db, keys, after);
            }
        });
    }

    /** Updates the keys after of one database. Returns false if the database has no row yet. */
    private static boolean storeAfter(LockedSweep sweep, int db, long keys, Keyspace after) {
        return sweep.statement("update sweep_database set keys_after = :keys, expires_after = :expires where "
                                + LockedSweep.SWEEP_KEY_MATCH + " and db = :db")
                        .param("db", db)
                        .param("keys", keys)
                        .param("expires", after.expires().getOrDefault(db, 0L))
                        .update()
                == 1;
    }
}
