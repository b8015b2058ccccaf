package io.keysweep.server.sweep;

import io.keysweep.api.AssistView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads the stored results of assist for the sweeps of scans. Users see them with the scan.
 *
 * <p>A sweep is the part of a scan that visits one primary. Assist raises settings of the primary for a while, so that
 * the server itself removes more expired keys. Thread-safe.
 */
@Repository
public class AssistHistory {

    private final JdbcClient jdbc;

    AssistHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the results of assist for all sweeps of several scans, by sweep. A sweep without assist is not in the
     * map.
     */
    public Map<SweepKey, AssistView> of(Collection<UUID> scanIds) {
        Map<SweepKey, AssistView> assists = new HashMap<>();
        if (!scanIds.isEmpty()) {
            jdbc.sql("select * from sweep_assist where scan_id in (:ids)")
                    .param("ids", scanIds)
                    .query((ResultSet row) -> {
                        assists.put(SweepKey.of(row), readView(row));
                    });
        }
        return assists;
    }

    private static AssistView readView(ResultSet row) throws SQLException {
        return new AssistView(
                row.getString("ending"),
                row.getString("reason"),
                row.getLong("reclaimed"),
                row.getString("counter"),
                instant(row, "began_at"),
                instant(row, "ended_at"),
                row.getLong("raised_ms"),
                row.getLong("server_ms"),
                row.getObject("volatile_before", Long.class),
                row.getObject("volatile_after", Long.class),
                row.getObject("estimated_left", Long.class),
                row.getString("settings"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
