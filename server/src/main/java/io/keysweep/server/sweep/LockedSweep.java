package io.keysweep.server.sweep;

import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The row of a sweep that the present transaction has locked, after the check that no newer attempt has claimed the sweep.
 * Only {@link SweepAttempt} and {@link SweepStore} create one; every other table of the sweep is written through it.
 *
 * @param key the sweep
 * @param jdbc the database, in the same transaction
 * @param now the time to record
 */
record LockedSweep(SweepKey key, JdbcClient jdbc, Instant now) {

    /** Selects the rows of one sweep in every table of sweeps. */
    static final String SWEEP_KEY_MATCH = "scan_id = :scanId and round = :round and node_id = :nodeId";

    /** Returns a statement whose parameters {@code scanId}, {@code round} and {@code nodeId} are set. */
    JdbcClient.StatementSpec statement(String sql) {
        return statement(jdbc, sql, key);
    }

    static JdbcClient.StatementSpec statement(JdbcClient jdbc, String sql, SweepKey key) {
        return jdbc.sql(sql)
                .param("scanId", key.scanId())
                .param("round", key.round())
                .param("nodeId", key.nodeId());
    }
}
