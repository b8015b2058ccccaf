package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.ReclaimedBytes.ReclaimedBytesMethod;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.timeline.EventType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes how each run of a sweep has ended: the change of memory and keys, and interruptions.
 *
 * <p>A sweep is the part of a scan that visits one primary. A run is the work of one worker on a sweep without a break.
 * The column {@code run_by} contains the worker of the open run, and is null between two runs. A sweep that fails
 * without a report keeps its last worker in {@code run_by}. This has no effect, because the sweep has finished.
 *
 * <p>The column {@code runs} counts the runs. The columns {@code run_before} and {@code run_after} have nothing to do
 * with runs, because they contain ids of server processes (INFO {@code run_id}).
 */
final class RunRows {

    /**
     * Describes a run that has begun and whose end is not recorded yet.
     *
     * @param number number of the run, 1 for the first run of the sweep
     * @param worker id of the worker that does the run
     */
    private record OpenRun(int number, @Nullable String worker) {}

    /** Maximum length of the column {@code sweep_interruption.reason} in characters. */
    private static final int MAX_REASON_LENGTH = 200;

    /** Maximum length of the column {@code sweep.reclaimed_explanation} in characters. */
    private static final int MAX_EXPLANATION_LENGTH = 300;

    private RunRows() {}

    /**
     * Ends the open run, if there is one, and adds the memory report of the run to the figures of the sweep. The sweep
     * itself may end in the same transaction, or continue in another run.
     *
     * @param report change of memory and keys during the run
     */
    static void end(LockedSweep sweep, MemoryReport report) {
        SweepMemory memory = sweep.statement("select * from sweep where " + LockedSweep.SWEEP_KEY_MATCH)
                .query((row, number) -> memory(row))
                .single()
                .with(report);
        ReclaimedBytesMethod method = memory.method();
        String explanation = memory.explanation();
        // The remaining time is unknown while no worker sweeps. The \s keeps the space before the condition, which a
        // text block would otherwise strip.
        sweep.statement("""
                        update sweep set run_by = null, remaining_ms = null, estimated_runs = :estimatedRuns,
                            reclaimed_bytes = :reclaimedBytes, reclaimed_method = :method,
                            reclaimed_explanation = :explanation, rss_before = :rssBefore, rss_after = :rssAfter,
                            keys_before = :keysBefore, keys_after = :keysAfter, expires_before = :expiresBefore,
                            expires_after = :expiresAfter, inflow = :inflow, expired_elsewhere = :expiredElsewhere,
                            evicted = :evicted, run_before = :runBefore, run_after = :runAfter
                        where\s""" + LockedSweep.SWEEP_KEY_MATCH)
                .param("estimatedRuns", memory.estimatedRuns())
                .param("reclaimedBytes", memory.reclaimedBytes())
                .param("method", method == null ? null : method.name())
                .param(
                        "explanation",
                        explanation == null ? null : ForeignText.beginning(explanation, MAX_EXPLANATION_LENGTH))
                .param("rssBefore", memory.rssBefore())
                .param("rssAfter", memory.rssAfter())
                .param("keysBefore", memory.keysBefore())
                .param("keysAfter", memory.keysAfter())
                .param("expiresBefore", memory.expiresBefore())
                .param("expiresAfter", memory.expiresAfter())
                .param("inflow", memory.inflow())
                .param("expiredElsewhere", memory.expiredElsewhere())
                .param("evicted", memory.evicted())
                .param("runBefore", memory.processBefore())
                .param("runAfter", memory.processAfter())
                .update();
    }

    /**
     * Ends the open run as interrupted. Adds the interruption to {@code sweep_interruption} and to the timeline. Does
     * nothing if no run is open or the sweep has finished.
     *
     * @param reason why the run was interrupted, in words for users; cut to {@value #MAX_REASON_LENGTH} characters in
     *     {@code sweep_interruption}
     */
    static void interrupt(LockedSweep sweep, String reason) {
        Optional<OpenRun> openRun = sweep.statement("select runs, run_by from sweep where "
                        + LockedSweep.SWEEP_KEY_MATCH + " and run_by is not null and not finished")
                .query((row, number) -> new OpenRun(row.getInt("runs"), row.getString("run_by")))
                .optional();
        openRun.ifPresent(run -> {
            insertInterruption(sweep, run, reason);
            sweep.timeline().add(sweep.event(EventType.INTERRUPTED, reason).withOriginator("worker " + run.worker()));
            sweep.statement("update sweep set run_by = null, remaining_ms = null where " + LockedSweep.SWEEP_KEY_MATCH)
                    .update();
        });
    }

    /** Adds an interruption of a run to the table {@code sweep_interruption}. */
    private static void insertInterruption(LockedSweep sweep, OpenRun run, String reason) {
        sweep.statement("""
                insert into sweep_interruption (scan_id, round, node_id, run, interrupted_at, worker_id, reason)
                values (:scanId, :round, :nodeId, :run, :at, :worker, :reason)
                """)
                .param("run", run.number())
                .param("at", sweep.now().atOffset(ZoneOffset.UTC))
                .param("worker", run.worker())
                .param("reason", ForeignText.beginning(reason, MAX_REASON_LENGTH))
                .update();
    }

    /** Reads the memory columns of a row of {@code sweep}. The row must have all columns of the table. */
    static SweepMemory memory(ResultSet row) throws SQLException {
        String method = row.getString("reclaimed_method");
        return new SweepMemory(
                row.getInt("estimated_runs"),
                number(row, "reclaimed_bytes"),
                method == null ? null : ReclaimedBytesMethod.valueOf(method),
                row.getString("reclaimed_explanation"),
                number(row, "rss_before"),
                number(row, "rss_after"),
                number(row, "keys_before"),
                number(row, "keys_after"),
                number(row, "expires_before"),
                number(row, "expires_after"),
                number(row, "inflow"),
                number(row, "expired_elsewhere"),
                number(row, "evicted"),
                row.getString("run_before"),
                row.getString("run_after"));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        return row.getObject(column, Long.class);
    }
}
