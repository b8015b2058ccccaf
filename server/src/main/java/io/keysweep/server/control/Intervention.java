package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for something, why, and when.
 *
 * @param by the access key's id
 * @param why the reason given, or null
 * @param at when it was asked for
 */
public record Intervention(String by, @Nullable String why, Instant at) {

    /** The same for the engine, which does not care when. */
    SweepControl.Intervention forEngine() {
        return new SweepControl.Intervention(by, why == null ? "" : why);
    }

    /** The failure of a scan that ends by this: it has failed, by somebody's will. */
    public String cancelled() {
        return "Cancelled " + this;
    }

    /** For people: {@code by AK: nightly backup}. */
    @Override
    public String toString() {
        return forEngine().toString();
    }

    /** From the columns {@code <verb>_by}, {@code <verb>_why} and {@code <verb>_at}; null if nobody has asked. */
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
