package io.keysweep.server.sweep;

import io.keysweep.engine.assist.AssistProgress;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.Ending;
import io.keysweep.engine.text.ForeignText;
import java.time.Duration;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Writes what assist did for a sweep, in the table {@code sweep_assist}: one row for each sweep, over all its runs.
 *
 * <p>The methods that write take the locked sweep, so no other worker can have claimed it.
 */
final class AssistRows {

    /** Maximum length of the columns {@code reason} and {@code settings} in characters. */
    private static final int MAX_REASON_LENGTH = 500;

    private static final int MAX_SETTINGS_LENGTH = 1000;

    private AssistRows() {}

    /**
     * Holds the counts of the runs that have ended.
     *
     * @param reclaimed keys that the server has reclaimed, by its own count
     * @param raisedMillis time for which settings were raised
     * @param serverMillis main thread's time that this took
     */
    record Counts(long reclaimed, long raisedMillis, long serverMillis) {

        static final Counts NONE = new Counts(0, 0, 0);
    }

    /** Returns whether assist of the sweep has ended by itself, so that no run assists again. */
    static boolean isOver(SweepAttempt attempt) {
        boolean[] over = {false};
        attempt.record(sweep -> over[0] = sweep.statement("select ending from sweep_assist where "
                        + LockedSweep.SWEEP_KEY_MATCH + " and ending is not null and ending <> :cancelled")
                .param("cancelled", Ending.CANCELLED.name())
                .query(String.class)
                .optional()
                .isPresent());
        return over[0];
    }

    /** Records that assist begins or goes on, and returns the counts so far. */
    static Counts begin(LockedSweep sweep) {
        int goesOn = sweep.statement("update sweep_assist set ended_at = null, ending = null, reason = null,"
                        + " settings = null where " + LockedSweep.SWEEP_KEY_MATCH)
                .update();
        if (goesOn == 0) {
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

    /** Stores the counts of a run that goes on. */
    static void store(LockedSweep sweep, Counts earlier, AssistProgress progress) {
        counts(
                sweep,
                earlier,
                progress.reclaimed(),
                progress.counter(),
                progress.raisedFor(),
                progress.serverBusy(),
                progress.volatileKeysBefore(),
                progress.volatileKeys(),
                progress.estimatedLeft());
    }

    /**
     * Stores how assist has ended in this run, with its counts.
     *
     * @param settings what has become of the settings, in words for users; null if none was changed
     */
    static void end(LockedSweep sweep, Counts earlier, AssistReport report, @Nullable String settings) {
        counts(
                sweep,
                earlier,
                report.reclaimed(),
                report.counter(),
                report.raisedFor(),
                report.serverBusy(),
                report.volatileKeysBefore(),
                report.volatileKeysAfter(),
                report.estimatedLeft());
        sweep.statement("update sweep_assist set ended_at = greatest(began_at, :now), ending = :ending, reason = :reason,"
                        + " settings = :settings where " + LockedSweep.SWEEP_KEY_MATCH)
                .param("now", sweep.now().atOffset(ZoneOffset.UTC))
                .param("ending", report.ending().name())
                .param("reason", ForeignText.beginning(report.reason(), MAX_REASON_LENGTH))
                .param("settings", settings == null ? null : ForeignText.beginning(settings, MAX_SETTINGS_LENGTH))
                .update();
    }

    private static void counts(
            LockedSweep sweep,
            Counts earlier,
            long reclaimed,
            String counter,
            Duration raised,
            Duration server,
            long volatileBefore,
            long volatileAfter,
            @Nullable Long left) {
        sweep.statement("""
                        update sweep_assist set reclaimed = :reclaimed, counter = :counter, raised_ms = :raised,
                            server_ms = :server, volatile_before = coalesce(volatile_before, :volatileBefore),
                            volatile_after = :volatileAfter, estimated_left = :left
                        where\s""" + LockedSweep.SWEEP_KEY_MATCH)
                .param("reclaimed", earlier.reclaimed() + reclaimed)
                .param("counter", counter)
                .param("raised", earlier.raisedMillis() + raised.toMillis())
                .param("server", earlier.serverMillis() + server.toMillis())
                .param("volatileBefore", volatileBefore)
                .param("volatileAfter", volatileAfter)
                .param("left", left)
                .update();
    }
}
