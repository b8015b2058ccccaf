package io.keysweep.server.scan;

import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads scans from rows of the table {@code scan}, and adds to each its sweeps.
 *
 * <p>A sweep is the part of a scan that visits one primary; the package {@code server.sweep} stores it. Thread-safe.
 */
@Component
class ScanRows {

    private final SweepStore sweeps;

    ScanRows(SweepStore sweeps) {
        this.sweeps = sweeps;
    }

    /**
     * Returns the scans that a query selects, in its order and with their sweeps. One more query reads the sweeps of
     * all these scans, so their counts can be newer than the state of the scan.
     *
     * @param query query whose rows have all columns of {@code scan}
     */
    List<Scan> withSweeps(JdbcClient.StatementSpec query) {
        List<Scan> scans =
                query.query((row, number) -> scan(row, /* sweeps= */ List.of())).list();
        Map<UUID, List<SweepRecord>> sweepsByScan = sweeps
                .ofScans(scans.stream().map(Scan::id).toList())
                .stream()
                .collect(Collectors.groupingBy(SweepRecord::scanId));
        return scans.stream()
                .map(scan -> scan.withSweeps(sweepsByScan.getOrDefault(scan.id(), List.of())))
                .toList();
    }

    /**
     * Reads a scan from the current row.
     *
     * @param row result of a query with all columns of {@code scan}, positioned at a row
     * @param sweeps sweeps of the scan, or none if the caller does not need them
     */
    static Scan scan(ResultSet row, List<SweepRecord> sweeps) throws SQLException {
        return new Scan(
                row.getObject("id", UUID.class),
                row.getObject("instance_id", UUID.class),
                ScanType.valueOf(row.getString("scan_type").toUpperCase(Locale.ROOT)),
                ScanState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Duration.ofSeconds(row.getLong("timeout_seconds")),
                row.getObject("rate_ceiling", Long.class),
                row.getString("failure"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                sweeps);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
