package io.keysweep.server.sweep;

import io.keysweep.engine.assist.AssistProgress;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.text.ForeignText;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes the results of assist to the table {@code sweep_assist}, which has one row for each assisted sweep, over all
 * its runs.
 *
 * <p>Assist raises settings of the server for a while, so that the server itself removes more expired keys. A sweep is
 * the part of a scan that visits one primary, and a run is the work of one worker on it without a break. Methods that
 * write have a {@link LockedSweep} as parameter: its row is locked, so no other worker can claim the sweep meanwhile.
 */
final class AssistRows {

    /** Maximum length of the column {@code reason} in characters. */
    private static final int MAX_REASON_LENGTH = 500;

    /** Maximum length of the column {@code settings} in characters. */
    private static final int MAX_SETTINGS_LENGTH = 1000;

    private AssistRows() {}

    /**
     * Contains the sums over all runs of the sweep that have ended.
     *
     * @param reclaimed number of expired keys that the server has reclaimed during assist, by the server's count
     * @param raisedMillis how long settings were raised, in milliseconds
     * @param serverMillis time of the server's main thread that its expiry took while settings were raised, in
     *     milliseconds
     */
    record Counts(long reclaimed, long raisedMillis, long serverMillis) {

        static final Counts NONE = new Counts(0, 0, 0);
    }

    /**
     * Returns whether assist of the sweep has ended for good, so that a further run must not assist. Cancelled assist
     * counts as interrupted, so it continues.
     */
    static boolean isAssistComplete(SweepAttempt attempt) {
        AtomicBoolean hasEnded = new AtomicBoolean();
        attempt.record(sweep -> hasEnded.set(sweep.statement("select ending from sweep_assist where "
                        + LockedSweep.SWEEP_KEY_MATCH + " and ending is not null and ending <> :cancelled")
                .param("cancelled", AssistEnding.CANCELLED.name())
                .query(String.class)
                .optional()
                .isPresent()));
        return hasEnded.get();
    }

    /** Records that assist begins or continues, and returns the sums of the earlier runs. */
    static Counts begin(LockedSweep sweep) {
        int updatedRows = sweep.statement("update sweep_assist set ended_at = null, ending = null, reason = null,"
                        + " settings = null where " + LockedSweep.SWEEP_KEY_MATCH)
                .update();
        if (updatedRows == 0) {
            sweep.statement("insert into sweep_assist (scan_id, round, node_id, began_at)"
                            + " values (:scanId, :round, :nodeId, :now)")
                    .param("now", sweep.now().atOffset(ZoneOffset.UTC))
                    .update();
        }
        return sweep.statement(
                        "select reclaimed, raised_ms, server_ms from sweep_assist where " + LockedSweep.SWEEP_KEY_MATCH)
                .query((row, number) ->
                        new Counts(row.getLong("reclaimed"), row.getLong("raised_ms"), row.getLong("server_ms")))
                .single();
    }

    /** Stores the current counts of a run in which assist continues. */
    static void store(LockedSweep sweep, Counts earlierRuns, AssistProgress progress) {
        storeCounts(
                sweep,
                earlierRuns,
                progress.reclaimed(),
                progress.counter(),
                progress.raisedFor(),
                progress.serverBusy(),
                progress.volatileKeysBefore(),
                progress.volatileKeys(),
                progress.estimatedLeft());
    }

    /**
     * Stores how assist has ended in a run, with the counts of the run.
     *
     * @param settings what has become of the settings, in words for users; null if none was changed
     */
    static void end(LockedSweep sweep, Counts earlierRuns, AssistReport report, @Nullable String settings) {
        storeCounts(
                sweep,
                earlierRuns,
                report.reclaimed(),
                report.counter(),
                report.raisedFor(),
                report.serverBusy(),
                report.volatileKeysBefore(),
                report.volatileKeysAfter(),
                report.estimatedLeft());
        storeEnd(sweep, report, settings);
    }

    /**
     * Stores that assist was refused before it read anything from the server. The counts of earlier runs are kept. A
     * value that no run has read stays null.
     */
    static void endUnread(LockedSweep sweep, AssistReport report) {
        storeEnd(sweep, report, /* settings= */ null);
    }

    /** Stores how assist has ended in the current run. */
    private static void storeEnd(LockedSweep sweep, AssistReport report, @Nullable String settings) {
        sweep.statement(
                        "update sweep_assist set ended_at = greatest(began_at, :now), ending = :ending, reason = :reason,"
                                + " settings = :settings where " + LockedSweep.SWEEP_KEY_MATCH)
                .param("now", sweep.now().atOffset(ZoneOffset.UTC))
                .param("ending", report.ending().name())
                .param("reason", ForeignText.beginning(report.reason(), MAX_REASON_LENGTH))
                .param("settings", settings == null ? null : ForeignText.beginning(settings, MAX_SETTINGS_LENGTH))
                .update();
    }

    /**
     * Stores the sums of the earlier runs and of this run. The column {@code volatile_before} keeps its first value,
     * and the other values replace the values of the earlier runs.
     */
    private static void storeCounts(
            LockedSweep sweep,
            Counts earlierRuns,
            long reclaimed,
            String counter,
            Duration raisedFor,
            Duration serverBusy,
            long volatileKeysBefore,
            long volatileKeysAfter,
            @Nullable Long estimatedLeft) {
        sweep.statement("""
                        update sweep_assist set reclaimed = :reclaimed, counter = :counter, raised_ms = :raised,
                            server_ms = :server, volatile_before = coalesce(volatile_before, :volatileBefore),
                            volatile_after = :volatileAfter, estimated_left = :left
                        where\s""" + LockedSweep.SWEEP_KEY_MATCH)
                .param("reclaimed", earlierRuns.reclaimed() + reclaimed)
                .param("counter", counter)
                .param("raised", earlierRuns.raisedMillis() + raisedFor.toMillis())
                .param("server", earlierRuns.serverMillis() + serverBusy.toMillis())
                .param("volatileBefore", volatileKeysBefore)
                .param("volatileAfter", volatileKeysAfter)
                .param("left", estimatedLeft)
                .update();
    }
}
