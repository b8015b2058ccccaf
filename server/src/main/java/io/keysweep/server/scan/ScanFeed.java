package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The scans that somebody watches, looked up together every {@value #LOOK_MILLIS} ms however many watch them, and not at
 * all while nobody does. Guarded by {@code lock}, which unlike a monitor lets a virtual thread wait without a carrier.
 */
@Component
class ScanFeed implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ScanFeed.class);
    private static final long LOOK_MILLIS = 250;

    private final ScanStore scans;
    private final ScanViews views;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<UUID, Watched> watched = new HashMap<>();
    private volatile @Nullable ScheduledExecutorService looks;

    ScanFeed(ScanStore scans, ScanViews views) {
        this.scans = scans;
        this.views = views;
    }

    /** One scan and how many watch it. */
    private static final class Watched {
        private int watchers;
        private @Nullable ScanView latest;
    }

    /** Begins to watch; {@link #leave} ends it. */
    void join(UUID scanId) {
        lock.lock();
        try {
            watched.computeIfAbsent(scanId, id -> new Watched()).watchers++;
        } finally {
            lock.unlock();
        }
    }

    void leave(UUID scanId) {
        lock.lock();
        try {
            Watched left = watched.get(scanId);
            if (left != null && --left.watchers == 0) {
                watched.remove(scanId);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a view that differs from the one that was seen last.
     *
     * @return the newest, or null if nothing has changed in that time or the service stops
     */
    @Nullable ScanView next(UUID scanId, @Nullable ScanView seen, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (looks != null) {
                Watched now = watched.get(scanId);
                if (now != null && now.latest != null && !now.latest.equals(seen)) {
                    return now.latest;
                }
                if (left <= 0) {
                    return null;
                }
                left = news.awaitNanos(left);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        try {
            List<UUID> ids = watchedIds();
            if (!ids.isEmpty()) {
                tell(views.of(scans.find(ids)));
            }
        } catch (DataAccessException e) {
            LOG.debug("Watched scans are not seen at the moment", e);
        } catch (RuntimeException e) {
            LOG.error("Watched scans could not be looked up", e);
        }
    }

    private List<UUID> watchedIds() {
        lock.lock();
        try {
            return List.copyOf(watched.keySet());
        } finally {
            lock.unlock();
        }
    }

    private void tell(List<ScanView> found) {
        lock.lock();
        try {
            for (ScanView view : found) {
                Watched now = watched.get(UUID.fromString(view.id()));
                if (now != null) {
                    now.latest = view;
                }
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("keysweep-feed").factory());
        var ignored = executor.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        looks = executor;
    }

    /** Before the web server waits for requests that are under way: those that watch would never end. */
    @Override
    public void stop() {
        ScheduledExecutorService executor = looks;
        looks = null;
        if (executor != null) {
            executor.shutdown();
        }
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return looks != null;
    }
}
