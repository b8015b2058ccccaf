package io.keysweep.server.scan;

import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.scan.SweepHold.Restraint;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks once a second whether the sweeps that this process runs still may, one question for all of them. One that may
 * not is asked to end at a checkpoint: it rests as an execution that is due later, so that neither a thread nor a
 * connection waits with it.
 */
@Component
final class HoldWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(HoldWatch.class);

    private final List<SweepHold> holds;
    private final InstantSource clock;
    private final Map<SweepKey, Watched> watched = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService thread;

    HoldWatch(List<SweepHold> holds, InstantSource clock) {
        this.holds = List.copyOf(holds);
        this.clock = clock;
    }

    /** A running sweep, and what it was ended by. */
    private static final class Watched {
        private final Scan scan;
        private final SweepControl control;
        private volatile @Nullable Restraint restraint;

        Watched(Scan scan, SweepControl control) {
            this.scan = scan;
            this.control = control;
        }
    }

    /** What keeps a scan from running at the moment. */
    Optional<Restraint> restraint(Scan scan) {
        return Optional.ofNullable(restraints(List.of(scan)).get(scan.id()));
    }

    /** Begins to watch a sweep. */
    void begin(SweepKey key, Scan scan, SweepControl control) {
        watched.put(key, new Watched(scan, control));
    }

    /** No longer watches a sweep, and tells what it was made to end by, if anything. */
    Optional<Restraint> end(SweepKey key) {
        return Optional.ofNullable(watched.remove(key)).map(sweep -> sweep.restraint);
    }

    /** Asks the sweeps to end that may not run any more. */
    void look() {
        if (watched.isEmpty()) {
            return;
        }
        Map<UUID, Restraint> found =
                restraints(watched.values().stream().map(sweep -> sweep.scan).toList());
        for (Watched sweep : watched.values()) {
            Restraint restraint = found.get(sweep.scan.id());
            if (restraint != null && sweep.restraint == null) {
                sweep.restraint = restraint;
                sweep.control.cancel();
            }
        }
    }

    private Map<UUID, Restraint> restraints(Collection<Scan> scans) {
        Map<UUID, Restraint> found = new HashMap<>();
        for (SweepHold hold : holds) {
            hold.restraints(scans, clock.instant()).forEach(found::putIfAbsent);
        }
        return found;
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            // The database may be away for a moment; sweeps go on as they are, and the next look is soon.
            LOG.warn("Could not look whether sweeps may go on: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("keysweep-holds").daemon().factory());
        // Errors of a look must not end the looking; the future would only tell of them.
        var ignored = executor.scheduleWithFixedDelay(this::lookSafely, 1, 1, TimeUnit.SECONDS);
        thread = executor;
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            // Not interrupted: H2 closes its file under a thread that is.
            thread.shutdown();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
