package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.plan.Segmentation;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads and writes the positions of a checkpoint: which part of each database of a sweep is done.
 *
 * <p>A sweep is the part of a scan that visits one primary. It divides a database into segments and sweeps them in
 * random order. A position says how the database is divided, how many segments are done, and at which cursor of SCAN
 * the current one continues. The table {@code sweep_position} has one row for each database of a sweep that has a
 * position.
 */
final class PositionRows {

    /** Replaces the position in a database. */
    private static final String UPDATE = """
            update sweep_position set segment_bits = :segmentBits, slot_run_bits = :slotRunBits, seed = :seed,
                segments_done = :segmentsDone, scan_cursor = :cursor
            where scan_id = :scanId and round = :round and node_id = :nodeId and db = :db
            """;

    /** Adds the first position in a database. */
    private static final String INSERT = """
            insert into sweep_position (scan_id, round, node_id, db, segment_bits, slot_run_bits, seed, segments_done,
                scan_cursor)
            values (:scanId, :round, :nodeId, :db, :segmentBits, :slotRunBits, :seed, :segmentsDone, :cursor)
            """;

    private PositionRows() {}

    /**
     * Stores positions, each of which replaces the earlier position in its database.
     *
     * @param replaceAll whether to delete all earlier positions of the sweep first, also in other databases
     */
    static void store(LockedSweep sweep, boolean replaceAll, Collection<DatabasePosition> positions) {
        if (replaceAll) {
            sweep.statement("delete from sweep_position where " + LockedSweep.SWEEP_KEY_MATCH)
                    .update();
        }
        positions.forEach(position -> {
            if (write(sweep, UPDATE, position) == 0) {
                write(sweep, INSERT, position);
            }
        });
    }

    /** Executes an update or insert of one position, and returns the number of changed rows. */
    private static int write(LockedSweep sweep, String sql, DatabasePosition position) {
        return sweep.statement(sql)
                .param("db", position.db())
                .param("segmentBits", position.segmentation() instanceof Prefixes prefixes ? prefixes.bits() : null)
                .param("slotRunBits", position.segmentation() instanceof SlotRuns runs ? runs.bits() : null)
                .param("seed", position.seed())
                .param("segmentsDone", position.segmentsDone())
                .param("cursor", position.cursor())
                .update();
    }

    /** Returns the positions of a sweep in the order of the database numbers. */
    static List<DatabasePosition> list(JdbcClient jdbc, SweepKey key) {
        return LockedSweep.statement(
                        jdbc, "select * from sweep_position where " + LockedSweep.SWEEP_KEY_MATCH + " order by db", key)
                .query((row, number) -> readPosition(row))
                .list();
    }

    /**
     * Returns why databases need no further visit, for all sweeps of several scans: by sweep and database number. A
     * database that is not covered yet is not in the map.
     *
     * @param scanIds ids of the scans; at least one, because SQL has no empty list
     */
    static Map<SweepKey, Map<Integer, DatabaseCoverage>> coverage(JdbcClient jdbc, Collection<UUID> scanIds) {
        Map<SweepKey, Map<Integer, DatabaseCoverage>> coverages = new HashMap<>();
        jdbc.sql("select * from sweep_position where scan_id in (:ids)")
                .param("ids", scanIds)
                .query((ResultSet row) -> {
                    DatabasePosition position = readPosition(row);
                    DatabaseCoverage coverage = position.coverage();
                    if (coverage != null) {
                        coverages
                                .computeIfAbsent(SweepKey.of(row), ignored -> new HashMap<>())
                                .put(position.db(), coverage);
                    }
                });
        return coverages;
    }

    private static DatabasePosition readPosition(ResultSet row) throws SQLException {
        return new DatabasePosition(
                row.getInt("db"),
                readSegmentation(row),
                row.getLong("seed"),
                row.getInt("segments_done"),
                row.getObject("scan_cursor", Long.class));
    }

    /**
     * Reads how the database is divided into segments. At most one of the columns {@code segment_bits} and {@code
     * slot_run_bits} is set. If neither is set, the database is swept in one piece, from the first cursor to the last.
     */
    private static Segmentation readSegmentation(ResultSet row) throws SQLException {
        Integer prefixBits = row.getObject("segment_bits", Integer.class);
        Integer runBits = row.getObject("slot_run_bits", Integer.class);
        if (prefixBits != null) {
            return new Prefixes(prefixBits);
        }
        return runBits == null ? new Sequential() : new SlotRuns(runBits);
    }
}
