package io.keysweep.server.scan;

import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.ReclaimedBytes.Method;
import io.keysweep.server.worker.WorkerIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The runs of sweeps in SQL: what they did to memory, and which were broken off. An earlier attempt changes nothing. */
@Repository
class RunHistory {

    /**
     * A run that was broken off.
     *
     * @param key of which sweep
     * @param run which, 1 for the first
     * @param at when that was noted
     * @param worker whose it was
     * @param reason why
     */
    record Interruption(
            SweepKey key, int run, Instant at, @Nullable String worker, String reason) {}

    /** A run that is under way, or seems to be. */
    private record Open(int run, @Nullable String worker) {}

    private static final String THE_ONE =
            "scan_id = :scanId and round = :round and node_id = :nodeId and attempt = :attempt and not finished";

    private static final String LOST = "the worker was gone without a word, or had stood still for too long";

    private final JdbcClient jdbc;
    private final WorkerIdentity worker;
    private final InstantSource clock;

    RunHistory(JdbcClient jdbc, WorkerIdentity worker, InstantSource clock) {
        this.jdbc = jdbc;
        this.worker = worker;
        this.clock = clock;
    }

    /** An attempt takes the sweep up; a run that is still open then was lost with its worker. */
    @Transactional
    public void taken(SweepKey key, int attempt) {
        close(key, attempt, LOST);
    }

    /** A run of this process begins. */
    void begun(SweepKey key, int attempt, PrimarySummary seen) {
        of(
                        "update sweep set runs = runs + 1, run_by = :worker, keys_before = coalesce(keys_before, :keys),"
                                + " expires_before = coalesce(expires_before, :expires) where " + THE_ONE,
                        key,
                        attempt)
                .param("worker", worker.id())
                .param("keys", seen.totalKeys())
                .param(
                        "expires",
                        seen.expires().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                .update();
    }

    /** The run has ended in good order, the sweep with it or not. */
    @Transactional
    public void ended(SweepKey key, int attempt, MemoryReport run) {
        Optional<SweepMemory> before = of("select * from sweep where " + THE_ONE + " for update", key, attempt)
                .query((row, number) -> memory(row))
                .optional();
        if (before.isEmpty()) {
            return;
        }
        SweepMemory memory = before.get().with(run);
        Method method = memory.method();
        of("""
                update sweep set run_by = null, remaining_ms = null, estimated_runs = :estimatedRuns,
                    reclaimed_bytes = :reclaimedBytes, reclaimed_method = :method, reclaimed_explanation = :explanation,
                    rss_before = :rssBefore, rss_after = :rssAfter, keys_before = :keysBefore, keys_after = :keysAfter,
                    expires_before = :expiresBefore, expires_after = :expiresAfter, inflow = :inflow,
                    expired_elsewhere = :expiredElsewhere, evicted = :evicted
                where\s""" + THE_ONE, key, attempt)
                .param("estimatedRuns", memory.estimatedRuns())
                .param("reclaimedBytes", memory.reclaimedBytes())
                .param("method", method == null ? null : method.name())
                .param("explanation", memory.explanation())
                .param("rssBefore", memory.rssBefore())
                .param("rssAfter", memory.rssAfter())
                .param("keysBefore", memory.keysBefore())
                .param("keysAfter", memory.keysAfter())
                .param("expiresBefore", memory.expiresBefore())
                .param("expiresAfter", memory.expiresAfter())
                .param("inflow", memory.inflow())
                .param("expiredElsewhere", memory.expiredElsewhere())
                .param("evicted", memory.evicted())
                .update();
    }

    /** The run was broken off in good order, for that reason; another one goes on. */
    @Transactional
    public void interrupted(SweepKey key, int attempt, @Nullable MemoryReport run, String reason) {
        close(key, attempt, reason);
        if (run != null) {
            ended(key, attempt, run);
        }
    }

    private void close(SweepKey key, int attempt, String reason) {
        Optional<Open> open = of(
                        "select runs, run_by from sweep where " + THE_ONE + " and run_by is not null for update",
                        key,
                        attempt)
                .query((row, number) -> new Open(row.getInt("runs"), row.getString("run_by")))
                .optional();
        open.ifPresent(run -> {
            of("""
                    insert into sweep_interruption (scan_id, round, node_id, run, interrupted_at, worker_id, reason)
                    values (:scanId, :round, :nodeId, :run, :at, :worker, :reason)
                    """, key, attempt)
                    .param("run", run.run())
                    .param("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
                    .param("worker", run.worker())
                    .param("reason", reason)
                    .update();
            of("update sweep set run_by = null, remaining_ms = null where " + THE_ONE, key, attempt)
                    .update();
        });
    }

    /** The runs of those scans that were broken off, the earliest first. */
    Map<UUID, List<Interruption>> interruptions(Collection<UUID> scanIds) {
        Map<UUID, List<Interruption>> found = new HashMap<>();
        if (!scanIds.isEmpty()) {
            jdbc.sql(
                            "select * from sweep_interruption where scan_id in (:ids) order by interrupted_at, round, node_id, run")
                    .param("ids", scanIds)
                    .query((row, number) -> new Interruption(
                            new SweepKey(
                                    row.getObject("scan_id", UUID.class),
                                    row.getInt("round"),
                                    row.getString("node_id")),
                            row.getInt("run"),
                            row.getObject("interrupted_at", OffsetDateTime.class)
                                    .toInstant(),
                            row.getString("worker_id"),
                            row.getString("reason")))
                    .list()
                    .forEach(interruption -> found.computeIfAbsent(
                                    interruption.key().scanId(), id -> new ArrayList<>())
                            .add(interruption));
        }
        return found;
    }

    /** What a row of the table {@code sweep} says of memory. */
    static SweepMemory memory(ResultSet row) throws SQLException {
        String method = row.getString("reclaimed_method");
        return new SweepMemory(
                row.getInt("estimated_runs"),
                number(row, "reclaimed_bytes"),
                method == null ? null : Method.valueOf(method),
                row.getString("reclaimed_explanation"),
                number(row, "rss_before"),
                number(row, "rss_after"),
                number(row, "keys_before"),
                number(row, "keys_after"),
                number(row, "expires_before"),
                number(row, "expires_after"),
                number(row, "inflow"),
                number(row, "expired_elsewhere"),
                number(row, "evicted"));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        return row.getObject(column, Long.class);
    }

    private JdbcClient.StatementSpec of(String sql, SweepKey key, int attempt) {
        return jdbc.sql(sql)
                .param("scanId", key.scanId())
                .param("round", key.round())
                .param("nodeId", key.nodeId())
                .param("attempt", attempt);
    }
}
