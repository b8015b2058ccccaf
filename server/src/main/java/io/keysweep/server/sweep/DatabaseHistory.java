package io.keysweep.server.sweep;

import io.keysweep.api.DatabaseView;
import io.keysweep.engine.plan.DatabaseCoverage;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads the keys and counts of sweeps by database (0, 1, 2, …). Users see them with the scan. A sweep is the part of a
 * scan that visits one primary. Thread-safe.
 */
@Repository
public class DatabaseHistory {

    private final JdbcClient jdbc;

    DatabaseHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the databases of all sweeps of several scans, by sweep and in the order of their numbers. A sweep that no
     * worker has begun is not in the map.
     */
    public Map<SweepKey, List<DatabaseView>> of(Collection<UUID> scanIds) {
        Map<SweepKey, List<DatabaseView>> databases = new HashMap<>();
        if (!scanIds.isEmpty()) {
            Map<SweepKey, Map<Integer, DatabaseCoverage>> coverage = PositionRows.coverage(jdbc, scanIds);
            jdbc.sql("select * from sweep_database where scan_id in (:ids) order by db")
                    .param("ids", scanIds)
                    .query((ResultSet row) -> {
                        SweepKey key = SweepKey.of(row);
                        DatabaseCoverage databaseCoverage =
                                coverage.getOrDefault(key, Map.of()).get(row.getInt("db"));
                        databases
                                .computeIfAbsent(key, ignored -> new ArrayList<>())
                                .add(new DatabaseView(
                                        row.getInt("db"),
                                        row.getLong("visited"),
                                        row.getLong("reclaimed"),
                                        row.getLong("keys_before"),
                                        row.getObject("keys_after", Long.class),
                                        row.getLong("expires_before"),
                                        row.getObject("expires_after", Long.class),
                                        databaseCoverage == null ? null : databaseCoverage.name()));
                    });
        }
        return databases;
    }
}
