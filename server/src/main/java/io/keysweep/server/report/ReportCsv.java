package io.keysweep.server.report;

import io.keysweep.api.AssistView;
import io.keysweep.api.DatabaseView;
import io.keysweep.api.ScanView;
import io.keysweep.api.SweepView;
import io.keysweep.api.report.ScanReport;
import io.keysweep.api.text.CsvLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the counts of a report as CSV (RFC 4180).
 *
 * <p>The first line has the names of the columns. Each further line is about one database of one sweep (the part of the
 * scan that visits one primary). A sweep without databases has one line, without counts by database.
 */
final class ReportCsv {

    private static final List<String> COLUMNS = List.of(
            "scan_id",
            "instance_id",
            "instance_name",
            "status",
            "ending",
            "created_at",
            "started_at",
            "finished_at",
            "round",
            "node_id",
            "slots",
            "exact",
            "longest_stall_ms",
            "db",
            "visited",
            "reclaimed",
            "keys_before",
            "keys_after",
            "expires_before",
            "expires_after",
            "coverage",
            "assist_reclaimed",
            "assist_ending");

    private ReportCsv() {}

    /** Returns the CSV with line breaks of CR and LF. */
    static String of(ScanReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(CsvLine.of(COLUMNS));
        for (SweepView sweep : report.scan().sweeps()) {
            if (sweep.databases().isEmpty()) {
                lines.add(line(report, sweep, /* database= */ null));
            }
            sweep.databases().forEach(database -> lines.add(line(report, sweep, database)));
        }
        return lines.stream().map(line -> line + "\r\n").collect(Collectors.joining());
    }

    /** Returns the line of one database, or of a sweep without databases. */
    private static String line(ScanReport report, SweepView sweep, @Nullable DatabaseView database) {
        return CsvLine.of(
                Stream.of(scanFields(report), sweepFields(sweep), databaseFields(sweep, database), assistFields(sweep))
                        .flatMap(values -> values)
                        .toList());
    }

    private static Stream<@Nullable Object> scanFields(ScanReport report) {
        ScanView scan = report.scan();
        return Stream.of(
                scan.id(),
                scan.instanceId(),
                report.instance().name(),
                scan.status(),
                scan.ending(),
                scan.createdAt(),
                scan.startedAt(),
                scan.finishedAt());
    }

    private static Stream<@Nullable Object> sweepFields(SweepView sweep) {
        return Stream.of(
                sweep.round(),
                sweep.primary() == null ? sweep.nodeId() : sweep.primary(),
                sweep.slots(),
                sweep.exact(),
                sweep.longestStallMs());
    }

    /**
     * Returns how many keys the server has counted as expired during assist (raised settings of the server), and how
     * assist has ended. All lines of a sweep repeat the two values.
     */
    private static Stream<@Nullable Object> assistFields(SweepView sweep) {
        AssistView assist = sweep.assist();
        return assist == null ? Stream.of(null, null) : Stream.of(assist.reclaimed(), assist.ending());
    }

    /**
     * Returns the columns from {@code db} to {@code coverage}. Without a database, only {@code visited} and {@code
     * reclaimed} have values: the counts of the whole sweep.
     */
    private static Stream<@Nullable Object> databaseFields(SweepView sweep, @Nullable DatabaseView database) {
        // A null is an empty column: db, keys_before, keys_after, expires_before, expires_after and coverage.
        return database == null
                ? Stream.of(null, sweep.visited(), sweep.reclaimed(), null, null, null, null, null)
                : Stream.of(
                        database.db(),
                        database.visited(),
                        database.reclaimed(),
                        database.keysBefore(),
                        database.keysAfter(),
                        database.expiresBefore(),
                        database.expiresAfter(),
                        database.coverage());
    }
}
