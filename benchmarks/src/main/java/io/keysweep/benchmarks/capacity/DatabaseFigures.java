package io.keysweep.benchmarks.capacity;

import io.keysweep.benchmarks.service.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the service asks of its database from one moment on, by {@code pg_stat_statements}; statements of the benchmark
 * itself are told by a comment and left out.
 */
final class DatabaseFigures implements AutoCloseable {

    private final Connection connection;
    private final long pid;
    private double cpuAtBegin;
    private long began;
    private long walAtBegin;

    /**
     * Since the begin.
     *
     * @param seconds that it has been
     * @param statements of the service, BEGIN and COMMIT included
     * @param cpuSeconds of all processes of the database
     * @param walBytes written to its log
     * @param connections of the service, now
     */
    record Since(double seconds, long statements, double cpuSeconds, long walBytes, long connections) {}

    private DatabaseFigures(Connection connection, long pid) {
        this.connection = connection;
        this.pid = pid;
    }

    static DatabaseFigures of(Service service) throws SQLException {
        DatabaseFigures figures = new DatabaseFigures(
                DriverManager.getConnection(service.url()), service.database().pid());
        try (Statement statement = figures.connection.createStatement()) {
            statement.execute("create extension if not exists pg_stat_statements");
        }
        return figures;
    }

    /** Counts from now on. */
    void begin() throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_stat_statements_reset()");
        }
        cpuAtBegin = ProcessFigures.cpuSecondsWithChildren(pid);
        walAtBegin = number("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
        began = System.nanoTime();
    }

    Since since() throws SQLException, IOException {
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Since(
                seconds,
                number("select coalesce(sum(calls), 0) from pg_stat_statements"
                        + " where query not like '%/* bench */%' and query not like '%pg\\_%'"),
                ProcessFigures.cpuSecondsWithChildren(pid) - cpuAtBegin,
                number("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") - walAtBegin,
                number("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and application_name <> '' and state is not null")
                        - 2);
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Bytes that the tables of scans take, with their indexes. */
    long scanBytes() throws SQLException {
        return number("select sum(pg_total_relation_size(name::regclass)) from unnest(array['scan', 'sweep',"
                + " 'sweep_position', 'sweep_hold', 'idempotency_key']) as name");
    }

    long scans() throws SQLException {
        return number("select count(*) from scan");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
