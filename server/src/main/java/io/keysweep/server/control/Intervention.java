package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Describes who requested something, why and when, for example a pause.
 *
 * @param by id of the access key that made the request; for a rule of the service, its name
 * @param why reason that the caller gave, or null
 * @param at time of the request
 */
public record Intervention(String by, @Nullable String why, Instant at) {

    /** Converts the intervention to that of the engine, which has no time. */
    SweepControl.Intervention forEngine() {
        return new SweepControl.Intervention(by, why == null ? "" : why);
    }

    /** Returns the failure of a scan that this intervention cancels: {@code Cancelled by KEY1: nightly backup}. */
    public String cancelled() {
        return "Cancelled " + this;
    }

    /** Returns a text for users: {@code by KEY1: nightly backup}. */
    @Override
    public String toString() {
        return forEngine().toString();
    }

    /**
     * Reads the columns {@code <verb>_by}, {@code <verb>_why} and {@code <verb>_at}. Returns null if {@code <verb>_by}
     * is null, that is, if nobody has requested this.
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
