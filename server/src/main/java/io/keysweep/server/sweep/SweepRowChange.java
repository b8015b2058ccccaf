package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.ReplicationPoint;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.text.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Describes a change to a row of the table {@code sweep}, which {@link SweepAttempt} executes.
 *
 * <p>Each factory method describes one event in the life of a sweep (the part of a scan that visits one primary), and
 * names the columns that the event changes. A run is the work of one worker on the sweep without a break. The attempt
 * executes the change only if no other worker has claimed the sweep since, and if the sweep has not finished.
 *
 * @param assignments SQL assignments to columns, as they follow {@code set}
 * @param parameters sets the parameters of the assignments in a statement
 */
record SweepRowChange(String assignments, UnaryOperator<StatementSpec> parameters) {

    /** Maximum length of the columns {@code failure}, {@code hold} and {@code method} in characters. */
    private static final int MAX_TEXT_LENGTH = 1000;

    /** The values for a checkpoint after which the server cannot have done a step that is not counted. */
    private static final UncountedSteps NO_STEPS = new UncountedSteps(
            /* atMost= */ 0, /* likely= */ 0, /* notAfterMicros= */ 0, /* clientId= */ 0, /* traces= */ "");

    /**
     * Records that a run has begun, and ends the hold if the sweep is on hold. The columns that describe the server
     * before the sweep keep the values of the first run. The column {@code run_before} is the id of the server process,
     * not of a run.
     *
     * @param inspection state of the server when the run begins
     * @param workerId id of the worker that does the run
     */
    static SweepRowChange ofRunStart(PrimarySummary inspection, String workerId) {
        ServerProfile profile = inspection.profile();
        long expires = inspection.expires().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return new SweepRowChange(
                """
                method = :method, used_memory_before = coalesce(used_memory_before, :usedMemory), hold = null,
                runs = runs + 1, run_by = :worker, last_worker = :worker, primary_id = :primary,
                keys_before = coalesce(keys_before, :keys), expires_before = coalesce(expires_before, :expires),
                run_before = coalesce(run_before, :runId), server_away_since = null
                """,
                statement -> statement
                        .param("method", cut(profile.method() + ": " + profile.methodReason()))
                        .param("usedMemory", inspection.usedMemory())
                        .param("worker", workerId)
                        .param("primary", inspection.nodeId())
                        .param("keys", inspection.totalKeys())
                        .param("expires", expires)
                        .param("runId", profile.runId()));
    }

    /**
     * Records that a hold (a time in which the sweep sends no steps) has begun or ended.
     *
     * @param reason why the sweep is on hold, or null if it continues
     */
    static SweepRowChange ofHold(@Nullable String reason) {
        return new SweepRowChange("hold = :hold", statement -> statement.param("hold", cut(reason)));
    }

    /**
     * Records that the sweep waits for its server, until a run reaches the server. If the sweep waits already, the
     * earlier time is kept.
     *
     * @param since when the server was lost
     */
    static SweepRowChange ofLostServer(Instant since) {
        return new SweepRowChange(
                "server_away_since = coalesce(server_away_since, :since)",
                statement -> statement.param("since", since.atOffset(ZoneOffset.UTC)));
    }

    /**
     * Records a checkpoint: the counts and positions from which another run can continue the sweep.
     *
     * <p>In spite of its name, the column {@code held} has nothing to do with holds: it contains the slots that the
     * primary has served without a gap since the sweep began. The columns from {@code uncounted_at_most} to {@code
     * expiry_traces} describe steps that the server may do after the checkpoint and that its counts do not include.
     *
     * @param progress latest progress, or null if there is none yet
     */
    static SweepRowChange ofCheckpoint(Checkpoint checkpoint, @Nullable SweepProgress progress) {
        Duration remaining = progress == null ? null : progress.remaining();
        ReplicationIdentity identity = checkpoint.replicationIdentity();
        ReplicationPoint deletions = checkpoint.deletionPoint();
        UncountedSteps uncounted = Objects.requireNonNullElse(checkpoint.uncounted(), NO_STEPS);

        return new SweepRowChange(
                """
                run_id = :runId, replication_id = :replicationId, primary_id = :primary, swaps = :swaps, held = :held,
                epoch = :epoch, visited = :visited, reclaimed = :reclaimed, exact = :exact, alone = :alone,
                steps_may_follow = :stepsMayFollow, uncounted_at_most = :atMost, uncounted_likely = :likely,
                steps_start_before_us = :startBefore, client_id = :clientId, expiry_traces = :traces,
                expired_keys = :expiredKeys, deletion_history = :deletionHistory,
                deletion_offset = :deletionOffset, fraction = :fraction, remaining_ms = :remaining,
                longest_stall_us = greatest(longest_stall_us, :longestStall)
                """,
                statement -> statement
                        .param("runId", identity.runId())
                        .param("replicationId", identity.replicationId())
                        .param("primary", checkpoint.nodeId())
                        .param("swaps", identity.swaps())
                        .param("held", checkpoint.slots().toString())
                        .param("epoch", checkpoint.epoch())
                        .param("visited", checkpoint.visited())
                        .param("reclaimed", checkpoint.reclaimed())
                        .param("exact", checkpoint.exact())
                        .param("alone", checkpoint.alone())
                        .param("stepsMayFollow", checkpoint.stepsMayFollow())
                        .param("atMost", uncounted.atMost())
                        .param("likely", uncounted.likely())
                        .param("startBefore", uncounted.notAfterMicros())
                        .param("clientId", uncounted.clientId())
                        .param("traces", uncounted.traces())
                        .param("expiredKeys", checkpoint.expiredKeys())
                        .param("deletionHistory", deletions == null ? null : deletions.replicationId())
                        .param("deletionOffset", deletions == null ? null : (Long) deletions.offset())
                        .param("fraction", checkpoint.fraction())
                        .param("remaining", remaining == null ? null : remaining.toMillis())
                        .param("longestStall", progress == null ? 0 : micros(progress.longestStall())));
    }

    /**
     * Records that the engine has ended the sweep: the sweep is complete, was cancelled or has timed out.
     *
     * @param report how the sweep has ended, with its final counts
     * @param failure why the sweep has failed, in words for users; null if it has succeeded
     */
    static SweepRowChange ofEnd(SweepReport report, @Nullable String failure) {
        long orphans =
                report.orphans().values().stream().mapToLong(Long::longValue).sum();
        return new SweepRowChange(
                """
                finished = true, failure = :failure, hold = null, remaining_ms = null, covered = :covered,
                orphans = :orphans, visited = :visited, reclaimed = :reclaimed, exact = :exact,
                used_memory_after = :usedMemory, longest_stall_us = greatest(longest_stall_us, :longestStall),
                fraction = case when :complete then 1 else fraction end
                """,
                statement -> statement
                        .param("failure", cut(failure))
                        .param("covered", report.covered().toString())
                        .param("orphans", orphans)
                        .param("visited", report.visited())
                        .param("reclaimed", report.reclaimed())
                        .param("exact", report.exact())
                        .param("usedMemory", report.usedMemoryAfter())
                        .param("longestStall", micros(report.longestStall()))
                        .param("complete", report.ending() == SweepReport.Ending.COMPLETED));
    }

    /**
     * Records that the sweep has ended without a report. It covers no slots, and keeps the counts of its last
     * checkpoint. The counts are no longer exact if the server may have done steps after that checkpoint. If there is
     * no checkpoint, {@code run_id} is null, and the counts are 0 and exact.
     *
     * @param failure why the sweep has failed, or null if other sweeps cover its keys
     */
    static SweepRowChange ofFailure(@Nullable String failure) {
        return new SweepRowChange("""
                finished = true, failure = :failure, hold = null, remaining_ms = null, covered = '',
                exact = exact and (run_id is null or not steps_may_follow)
                """, statement -> statement.param("failure", cut(failure)));
    }

    /**
     * Records the end of a sweep that only assists its server (raises its settings for a while).
     *
     * @param failure why the sweep has failed; null if it has succeeded, so that its slots are treated as covered
     */
    static SweepRowChange ofAssistEnd(@Nullable String failure) {
        return new SweepRowChange(
                """
                finished = true, failure = :failure, hold = null, remaining_ms = null,
                covered = case when :complete then slots else '' end,
                fraction = case when :complete then 1 else fraction end
                """, statement -> statement.param("failure", cut(failure)).param("complete", failure == null));
    }

    /**
     * Returns the text cut to the length of its column; null for null. A message of the engine can be long, for example
     * if many sentinels disagree, and a sweep whose end cannot be stored would never end.
     */
    private static @Nullable String cut(@Nullable String text) {
        return text == null ? null : ForeignText.beginning(text, MAX_TEXT_LENGTH);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
