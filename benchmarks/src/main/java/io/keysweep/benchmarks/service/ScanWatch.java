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

/** Looks into the database for scans that have ended, so that those who wait for them need not ask. Safe to share. */
public final class ScanWatch implements AutoCloseable {

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final String url;
    private final Map<UUID, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("scan-watch").unstarted(this::watch);
    private volatile boolean closed;

    private ScanWatch(String url) {
        this.url = url;
    }

    /** Watches the scans of a database. */
    public static ScanWatch start(String url) {
        ScanWatch watch = new ScanWatch(url);
        watch.thread.start();
        return watch;
    }

    /** Waits for the end of a scan; gives its state, or null if it has not ended in that time. */
    public @Nullable String await(String scanId, Duration time) throws InterruptedException {
        try {
            return waiting.computeIfAbsent(UUID.fromString(scanId), id -> new CompletableFuture<>())
                    .get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void watch() {
        while (!closed) {
            try (Connection connection = DriverManager.getConnection(url);
                    PreparedStatement ended = connection.prepareStatement(
                            "/* bench */ select id, state from scan where id = any (?) and finished_at is not null")) {
                while (!closed) {
                    look(connection, ended);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) {
                // The database is being restarted; it is asked again.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void look(Connection connection, PreparedStatement ended) throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        Array ids = connection.createArrayOf("uuid", waiting.keySet().toArray());
        ended.setArray(1, ids);
        try (ResultSet row = ended.executeQuery()) {
            while (row.next()) {
                CompletableFuture<String> found = waiting.remove(row.getObject(1, UUID.class));
                if (found != null) {
                    found.complete(row.getString(2));
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
