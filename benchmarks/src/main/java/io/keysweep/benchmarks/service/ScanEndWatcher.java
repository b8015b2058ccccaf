package io.keysweep.benchmarks.service;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets benchmarks wait for the end of scans, the tasks of the service.
 *
 * <p>A thread polls the database every 50 ms for all scans that callers wait for, so waiting puts no load on the API.
 * Safe to share between threads.
 */
public final class ScanEndWatcher implements AutoCloseable {

    private static final long POLL_INTERVAL_NANOS = Duration.ofMillis(50).toNanos();

    private final String url;

    /** The scans that callers wait for, by id. Each future receives the state in which its scan has ended. */
    private final Map<UUID, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();

    private final Thread thread =
            Thread.ofPlatform().daemon().name("scan-end-watcher").unstarted(this::watch);
    private volatile boolean closed;

    private ScanEndWatcher(String url) {
        this.url = url;
    }

    /** Starts to watch the scans in the database with the JDBC URL {@code url}, in a separate thread. */
    public static ScanEndWatcher start(String url) {
        ScanEndWatcher watcher = new ScanEndWatcher(url);
        watcher.thread.start();
        return watcher;
    }

    /**
     * Waits for the end of a scan. Returns {@code success} or {@code failed}, or null if the scan has not ended within
     * {@code timeout}. After null, the caller may wait for the same scan again.
     */
    public @Nullable String await(String scanId, Duration timeout) throws InterruptedException {
        try {
            return waiting.computeIfAbsent(UUID.fromString(scanId), id -> new CompletableFuture<>())
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Polls the database for scans that have ended, and connects again after a restart. */
    private void watch() {
        while (!closed) {
            try (Connection connection = DriverManager.getConnection(url);
                    PreparedStatement endedScans = connection.prepareStatement(
                            "/* bench */ select id, state from scan where id = any (?) and finished_at is not null")) {
                while (!closed) {
                    poll(connection, endedScans);
                    LockSupport.parkNanos(POLL_INTERVAL_NANOS);
                }
            } catch (SQLException e) {
                // The database is restarting, so this thread tries again.
                LockSupport.parkNanos(POLL_INTERVAL_NANOS);
            }
        }
    }

    /** Completes the futures of the scans that have ended. */
    private void poll(Connection connection, PreparedStatement endedScans) throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        Array ids = connection.createArrayOf("uuid", waiting.keySet().toArray());
        endedScans.setArray(1, ids);
        try (ResultSet row = endedScans.executeQuery()) {
            while (row.next()) {
                CompletableFuture<String> future = waiting.remove(row.getObject(1, UUID.class));
                if (future != null) {
                    future.complete(row.getString(2));
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
