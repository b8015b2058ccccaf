package io.keysweep.server.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Uses heartbeats to find out which processes are alive, and how many sweeps they can run at the same time.
 *
 * <p>A sweep is the part of a scan that visits one primary. Each process regularly writes the current time, its
 * heartbeat, to its row of the table {@code worker}. Thread-safe.
 */
@Component
public class WorkerCapacity {

    private final JdbcClient jdbc;
    private final InstantSource clock;

    public WorkerCapacity(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Represents a row of the table {@code worker}: the heartbeats and the threads of one process. */
    private record WorkerRow(String id, int threads, Duration heartbeat, Instant heartbeatAt) {

        boolean isAlive(Instant now) {
            return HeartbeatRule.isAlive(heartbeatAt, heartbeat, now);
        }
    }

    /**
     * Returns the workers that are alive now. A process without threads for sweeps, which serves requests only, is not
     * among them.
     */
    public LivingWorkers living() {
        Instant now = clock.instant();
        Set<String> ids = new HashSet<>();
        int threads = 0;
        for (WorkerRow row : readRows()) {
            // Only processes that run sweeps have threads.
            if (row.threads() > 0 && row.isAlive(now)) {
                ids.add(row.id());
                threads += row.threads();
            }
        }
        return new LivingWorkers(ids, threads);
    }

    /** Returns the ids of all processes that are alive now, whether they run sweeps or not. */
    public Set<String> livingProcesses() {
        Instant now = clock.instant();
        return readRows().stream()
                .filter(row -> row.isAlive(now))
                .map(WorkerRow::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Reads all processes, alive or not. */
    private List<WorkerRow> readRows() {
        return jdbc.sql("select id, threads, heartbeat_ms, heartbeat_at from worker")
                .query((row, number) -> new WorkerRow(
                        row.getString("id"),
                        row.getInt("threads"),
                        Duration.ofMillis(row.getLong("heartbeat_ms")),
                        row.getObject("heartbeat_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
