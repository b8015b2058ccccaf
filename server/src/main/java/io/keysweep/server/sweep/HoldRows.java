package io.keysweep.server.sweep;

import io.keysweep.server.timeline.ReasonKind;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes how often and how long a sweep was on hold, in one row of {@code sweep_hold} for each kind of reason.
 *
 * <p>A sweep is the part of a scan that visits one primary. A sweep on hold sends no steps (calls that visit keys). The
 * kind is the reason without its figures, see {@link ReasonKind}: {@code replica lags by 12 MB} and {@code replica lags
 * by 7 MB} share the row {@code replica lags by}. The row of the current hold has its beginning in {@code held_since}.
 * A sweep has at most one such row.
 */
final class HoldRows {

    /** Describes a hold that has begun and has not ended, by the kind of its reason and its beginning. */
    private record OpenHold(String reason, Instant since) {}

    private HoldRows() {}

    /**
     * Records a change of the reason: ends the open hold, if there is one, and begins another hold for the new reason.
     * Does nothing if a hold with the same kind of reason is open already.
     *
     * @param reason why the sweep is on hold now, or null if it is no longer on hold
     */
    static void change(LockedSweep sweep, @Nullable String reason) {
        String kind = reason == null ? null : ReasonKind.of(reason);
        // A sweep has at most one open hold.
        List<OpenHold> openHolds = findOpen(sweep);
        if (openHolds.stream().noneMatch(hold -> hold.reason().equals(kind))) {
            openHolds.forEach(hold -> end(sweep, hold));
            if (kind != null) {
                begin(sweep, kind);
            }
        }
    }

    private static List<OpenHold> findOpen(LockedSweep sweep) {
        return sweep.statement("select reason, held_since from sweep_hold where " + LockedSweep.SWEEP_KEY_MATCH
                        + " and held_since is not null")
                .query((row, number) -> new OpenHold(
                        row.getString("reason"),
                        row.getObject("held_since", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Ends the open hold, and adds its duration to the row. */
    private static void end(LockedSweep sweep, OpenHold hold) {
        sweep.statement("update sweep_hold set held_ms = held_ms + :ms, held_since = null where "
                        + LockedSweep.SWEEP_KEY_MATCH + " and reason = :reason")
                .param(
                        "ms",
                        // The difference can be negative, because the clocks of two workers can differ.
                        Math.max(0, Duration.between(hold.since(), sweep.now()).toMillis()))
                .param("reason", hold.reason())
                .update();
    }

    /** Begins a hold in the row of its kind, and adds the row if the sweep has none. */
    private static void begin(LockedSweep sweep, String kind) {
        String update = "update sweep_hold set times = times + 1, held_since = :now where "
                + LockedSweep.SWEEP_KEY_MATCH + " and reason = :reason";
        String insert = "insert into sweep_hold (scan_id, round, node_id, reason, times, held_ms, held_since)"
                + " values (:scanId, :round, :nodeId, :reason, 1, 0, :now)";
        // The update finds the row of an earlier hold with the same kind. If there is no such row, the insert adds it.
        for (String sql : List.of(update, insert)) {
            int changedRows = sweep.statement(sql)
                    .param("now", sweep.now().atOffset(ZoneOffset.UTC))
                    .param("reason", kind)
                    .update();
            if (changedRows == 1) {
                return;
            }
        }
    }
}
