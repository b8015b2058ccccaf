package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import io.keysweep.server.iam.CallerLookup;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Polls the scans that clients watch, and wakes the requests of {@link ScanEventController} that wait for a change.
 *
 * <p>All watched scans are read together every {@value #POLL_MILLIS} ms, and nothing is read while no client watches.
 * The state is guarded by {@code lock}. This is not a monitor, because a virtual thread that waits at a monitor blocks
 * its carrier thread.
 */
@Component
class ScanFeed implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ScanFeed.class);
    private static final long POLL_MILLIS = 250;

    private final ScanStore scans;
    private final ScanViews views;
    private final CallerLookup callers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Scans that at least one request watches. */
    private final Map<UUID, Watched> watched = new HashMap<>();

    /** Number of requests that watch, by the id of their access key. */
    private final Map<String, Integer> watchersByKey = new HashMap<>();

    /** Access keys of watchers that no longer exist, as of the last poll. */
    private Set<String> withdrawn = Set.of();

    /** Runs the polls; null before the start and after the stop. */
    private volatile @Nullable ScheduledExecutorService polls;

    ScanFeed(ScanStore scans, ScanViews views, CallerLookup callers) {
        this.scans = scans;
        this.views = views;
        this.callers = callers;
    }

    /** Holds the latest view of a scan, and the number of requests that watch the scan. */
    private static final class Watched {
        private int watchers;
        private @Nullable ScanView latest;
    }

    /** Begins to watch a scan with an access key. The caller ends this with {@link #leave}. */
    void join(UUID scanId, String accessKey) {
        lock.lock();
        try {
            watchersByKey.merge(accessKey, 1, Integer::sum);
            watched.computeIfAbsent(scanId, id -> new Watched()).watchers++;
        } finally {
            lock.unlock();
        }
    }

    /** Ends one {@link #join}. The scan is no longer polled when the last watcher leaves. */
    void leave(UUID scanId, String accessKey) {
        lock.lock();
        try {
            watchersByKey.computeIfPresent(accessKey, (key, count) -> count == 1 ? null : count - 1);
            Watched scan = watched.get(scanId);
            if (scan != null && --scan.watchers == 0) {
                watched.remove(scanId);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a view of a watched scan that differs from the one that the caller has.
     *
     * @param seen view that the caller has got last, or null if it has none
     * @param patience maximum time to wait
     * @return the newest view, or null if nothing has changed within {@code patience}, or if {@link #isOpen} is now false
     */
    @Nullable ScanView next(UUID scanId, String accessKey, @Nullable ScanView seen, Duration patience)
            throws InterruptedException {
        lock.lock();
        try {
            long remaining = patience.toNanos();
            while (isOpen(accessKey)) {
                Watched now = watched.get(scanId);
                if (now != null && now.latest != null && !now.latest.equals(seen)) {
                    return now.latest;
                }
                if (remaining <= 0) {
                    return null;
                }
                remaining = changed.awaitNanos(remaining);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether requests can watch with an access key: the service runs, and the key was not withdrawn. */
    boolean isOpen(String accessKey) {
        lock.lock();
        try {
            return polls != null && !withdrawn.contains(accessKey);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads all watched scans and the access keys of their watchers. Never throws, because an exception would end the
     * polls.
     */
    private void poll() {
        try {
            List<UUID> ids = watchedIds();
            if (!ids.isEmpty()) {
                publish(views.of(scans.find(ids)), withdrawnKeys());
            }
        } catch (DataAccessException e) {
            LOG.debug("Watched scans cannot be read at the moment", e);
        } catch (RuntimeException e) {
            LOG.error("Watched scans could not be read", e);
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

    private Set<String> withdrawnKeys() {
        Set<String> keys;
        lock.lock();
        try {
            keys = new HashSet<>(watchersByKey.keySet());
        } finally {
            lock.unlock();
        }
        keys.removeAll(callers.existing(Set.copyOf(keys)));
        return Set.copyOf(keys);
    }

    /** Stores what was read, and wakes all requests that wait. */
    private void publish(List<ScanView> found, Set<String> withdrawnNow) {
        lock.lock();
        try {
            withdrawn = withdrawnNow;
            for (ScanView view : found) {
                Watched now = watched.get(UUID.fromString(view.id()));
                if (now != null) {
                    now.latest = view;
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("keysweep-feed").factory());
        var ignored = executor.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        polls = executor;
    }

    /**
     * Wakes the requests that wait, so that they end. Spring stops this bean before the web server, which waits for all
     * requests to end.
     */
    @Override
    public void stop() {
        ScheduledExecutorService executor = polls;
        polls = null;
        if (executor != null) {
            executor.shutdown();
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return polls != null;
    }
}
