package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Says who has requested a pause, a hold, a cancellation or a new pace, why and when.
 *
 * @param by id of the access key that made the request
 * @param why reason that the caller gave, or null if it gave none
 * @param at time of the request, in whole milliseconds
 */
public record Intervention(String by, @Nullable String why, Instant at) {

    /**
     * Converts this to the engine's record. That record has no time, and its reason is an empty text if none was given.
     */
    SweepControl.SweepIntervention forEngine() {
        return new SweepControl.SweepIntervention(by, why == null ? "" : why);
    }

    /**
     * Returns the failure of a scan that was cancelled by this intervention: {@code Cancelled by KEY1: nightly backup}.
     */
    public String failureText() {
        return "Cancelled " + this;
    }

    /** Returns a text for users: {@code by KEY1: nightly backup}, or {@code by KEY1} without a reason. */
    @Override
    public String toString() {
        return forEngine().toString();
    }

    /**
     * Reads an intervention from the three columns of a verb: {@code <verb>_by}, {@code <verb>_why} and {@code
     * <verb>_at}, for example {@code paused_by}. Returns null if {@code <verb>_by} is null, because nobody has made
     * such a request then.
     */
    static @Nullable Intervention of(ResultSet row, String verb) throws SQLException {
        String by = row.getString(verb + "_by");
        return by == null
                ? null
                : new Intervention(
                        by,
                        row.getString(verb + "_why"),
                        row.getObject(verb + "_at", OffsetDateTime.class).toInstant());
    }
}
