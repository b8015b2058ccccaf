package io.keysweep.benchmarks.capacity;

import io.keysweep.benchmarks.service.ProcessFigures;
import io.keysweep.benchmarks.service.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Measures the load of the service on its PostgreSQL, with the extension {@code pg_stat_statements}.
 *
 * <p>Only statements of the service must be counted. A statement is treated as one of the benchmark, and is left out,
 * if it names an object of the catalog ({@code pg_…}, as in {@link #scanBytes}) or contains the comment {@code bench}.
 * The statement of {@link #scans} does neither, so call it before {@link #begin} or after {@link #since}. Not safe to
 * share between threads.
 */
final class DatabaseFigures implements AutoCloseable {

    /** The connections of the benchmark itself: one of this class and one of ScanEndWatcher. */
    private static final int OWN_CONNECTIONS = 2;

    private final Connection connection;

    /** The process id of the database's main process, whose children serve the connections. */
    private final long pid;

    private double cpuAtBegin;
    private long beganAtNanos;
    private long walAtBegin;

    /**
     * Reports the load since {@link #begin}.
     *
     * @param seconds the elapsed time, s
     * @param statements SQL statements of the service, including BEGIN and COMMIT
     * @param cpuSeconds CPU time of all processes of the database, s
     * @param walBytes bytes written to the database's write-ahead log
     * @param connections connections of the service to the database at present; meaningful only while a
     *     {@link io.keysweep.benchmarks.service.ScanEndWatcher} runs, whose connection is subtracted
     */
    record DatabaseLoad(double seconds, long statements, double cpuSeconds, long walBytes, long connections) {}

    private DatabaseFigures(Connection connection, long pid) {
        this.connection = connection;
        this.pid = pid;
    }

    /** Connects to the database of a service, and creates the extension if it is missing. */
    static DatabaseFigures of(Service service) throws SQLException {
        DatabaseFigures figures = new DatabaseFigures(
                DriverManager.getConnection(service.url()), service.database().pid());
        try (Statement statement = figures.connection.createStatement()) {
            statement.execute("create extension if not exists pg_stat_statements");
        }
        return figures;
    }

    /** Resets the statement statistics and notes CPU time and log position, from which {@link #since} measures. */
    void begin() throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_stat_statements_reset()");
        }
        cpuAtBegin = ProcessFigures.cpuSecondsWithChildren(pid);
        walAtBegin = queryNumber("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
        beganAtNanos = System.nanoTime();
    }

    /** Returns the load since {@link #begin}, which must have been called. It may be called several times. */
    DatabaseLoad since() throws SQLException, IOException {
        double seconds = (System.nanoTime() - beganAtNanos) / 1e9;
        return new DatabaseLoad(
                seconds,
                queryNumber("select coalesce(sum(calls), 0) from pg_stat_statements"
                        + " where query not like '%/* bench */%' and query not like '%pg\\_%'"),
                ProcessFigures.cpuSecondsWithChildren(pid) - cpuAtBegin,
                queryNumber("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") - walAtBegin,
                queryNumber("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and application_name <> '' and state is not null")
                        - OWN_CONNECTIONS);
    }

    /** Returns the number in the first column of the only row of a query. */
    private long queryNumber(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Returns the bytes that the tables of scans occupy, including their indexes. */
    long scanBytes() throws SQLException {
        return queryNumber("select sum(pg_total_relation_size(name::regclass)) from unnest(array['scan', 'sweep',"
                + " 'sweep_position', 'sweep_hold', 'idempotency_key']) as name");
    }

    /** Returns the number of scans in the database. */
    long scans() throws SQLException {
        return queryNumber("select count(*) from scan");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
