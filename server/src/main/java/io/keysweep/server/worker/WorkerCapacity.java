package io.keysweep.server.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads from the heartbeats which workers are alive and how many sweeps they can run at once. Thread-safe. */
@Component
public class WorkerCapacity {

    private final JdbcClient jdbc;
    private final InstantSource clock;

    public WorkerCapacity(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Holds a row of the table {@code worker}: the heartbeats and the threads of one process. */
    private record Row(String id, int threads, Duration heartbeat, Instant heartbeatAt) {}

    /** Returns the workers that are alive now. A process that runs no sweeps is not among them. */
    public LivingWorkers living() {
        Instant now = clock.instant();
        Set<String> ids = new HashSet<>();
        int threads = 0;
        for (Row row : rows()) {
            if (HeartbeatRule.isAlive(row.heartbeatAt(), row.heartbeat(), now)) {
                ids.add(row.id());
                threads += row.threads();
            }
        }
        return new LivingWorkers(ids, threads);
    }

    /** Reads the processes that run sweeps, alive or not; only those have threads. */
    private Iterable<Row> rows() {
        return jdbc.sql("select id, threads, heartbeat_ms, heartbeat_at from worker where threads > 0")
                .query((row, number) -> new Row(
                        row.getString("id"),
                        row.getInt("threads"),
                        Duration.ofMillis(row.getLong("heartbeat_ms")),
                        row.getObject("heartbeat_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
