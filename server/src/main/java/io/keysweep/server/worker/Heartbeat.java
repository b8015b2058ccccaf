package io.keysweep.server.worker;

import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Writes a heartbeat of this process to the database at regular intervals, until the process stops in an orderly way.
 *
 * <p>The heartbeat of a process is a time in its row of the table {@code worker}. Operators see from the heartbeats
 * which processes of the service are alive. The heartbeats also limit how many sweeps run at the same time: at most as
 * many as the living processes have threads for sweeps. A sweep is the part of a scan that visits one primary.
 * Thread-safe.
 */
@Component
final class Heartbeat implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    /** The time that a process without heartbeats remains in the list, with the status {@code missed}. */
    private static final Duration MISSED_RETENTION = Duration.ofHours(1);

    private final WorkerStore store;
    private final InstantSource clock;
    private final Worker self;

    /** Whether other processes can open the database: PostgreSQL, but not H2. */
    private final boolean sharedDatabase;

    private final ScheduledExecutorService beatExecutor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-heartbeat").factory());

    /** The time of the last heartbeat that reached the database; the epoch before the first. */
    private volatile Instant lastBeat = Instant.EPOCH;

    Heartbeat(WorkerStore store, WorkerIdentity identity, ServiceSettings settings, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        Instant now = now();
        String roles = settings.roles().stream().map(Role::wireName).collect(Collectors.joining(","));
        this.sharedDatabase = settings.sharedDatabase();
        // A process without the role worker runs no sweeps, so it offers no threads.
        int threads = settings.roles().contains(Role.WORKER) ? settings.workerThreads() : 0;
        this.self = new Worker(identity, roles, threads, settings.heartbeat(), now, now, List.of());
    }

    /**
     * Writes the first heartbeat and begins to write further ones in the background. Throws an exception, so that the
     * start of the service fails, if the database cannot be reached.
     */
    @Override
    public void afterPropertiesSet() {
        store.beat(self, now());
        if (!sharedDatabase) {
            // Only one process can open an H2 database, so every other row belongs to a process that has ended.
            store.retireOthers(self.identity().id());
        }
        lastBeat = now();
        long millis = self.heartbeat().toMillis();
        // beat() catches its own exceptions, so the future never reports one.
        var ignored = beatExecutor.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Writes a heartbeat, and removes the rows of processes that were silent for longer than {@link #MISSED_RETENTION}.
     * Throws no {@link RuntimeException}, because the executor would then write no more heartbeats.
     */
    private void beat() {
        try {
            store.beat(self, now());
            lastBeat = now();
            store.removeSilentBefore(now().minus(MISSED_RETENTION));
        } catch (DataAccessException e) {
            // The database cannot be reached. Other parts of the service log that, and /readyz shows the outage through
            // isRecent().
            LOG.debug("Cannot write the heartbeat at the moment", e);
        } catch (RuntimeException e) {
            LOG.error("Cannot write the heartbeat; without it, other processes will consider this process dead", e);
        }
    }

    /** Returns whether the last heartbeat in the database is so recent that other processes consider this one alive. */
    boolean isRecent() {
        return HeartbeatRule.isAlive(lastBeat, self.heartbeat(), now());
    }

    /** Returns the current time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Ends the heartbeats and removes the row of this process, as it stops in an orderly way. */
    @Override
    public void destroy() {
        // The call waits for a running beat, which would otherwise insert the row again after its removal.
        beatExecutor.close();
        try {
            store.remove(self.identity().id());
        } catch (DataAccessException e) {
            LOG.debug("Cannot remove this process from the list; it will be shown as missed", e);
        }
    }
}
