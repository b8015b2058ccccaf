package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Describes who asked for something, why, and when.
 *
 * @param by id of the access key
 * @param why the reason given, or null
 * @param at time of the request
 */
public record Intervention(String by, @Nullable String why, Instant at) {

    /** Returns the intervention as the engine knows it, without a time. */
    SweepControl.Intervention forEngine() {
        return new SweepControl.Intervention(by, why == null ? "" : why);
    }

    /** Returns the failure text of a scan that this intervention cancels. */
    public String cancelled() {
        return "Cancelled " + this;
    }

    /** Returns a text for people: {@code by AK: nightly backup}. */
    @Override
    public String toString() {
        return forEngine().toString();
    }

    /** Reads the columns {@code <verb>_by}, {@code <verb>_why} and {@code <verb>_at}; null if the first is null. */
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
