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
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Polls the scans that clients watch, and wakes the requests of {@link ScanEventController} that wait for a change.
 *
 * <p>One thread reads all watched scans together, with a pause of {@value #POLL_MILLIS} ms between reads. Nothing is
 * read while no client watches. A request joins the feed, waits for one view after another, and leaves the feed. A view
 * is the document about a scan that the API returns.
 *
 * <p>Thread-safe: {@code lock} guards all fields that change, except for {@code pollExecutor}. The lock is not a
 * monitor ({@code synchronized}), because a virtual thread that waits at a monitor blocks its carrier thread.
 */
@Component
class ScanFeed implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ScanFeed.class);

    /** Pause between two polls. */
    private static final long POLL_MILLIS = 250;

    private final Function<List<UUID>, List<ScanView>> reader;
    private final UnaryOperator<Set<String>> existingKeys;
    private final ReentrantLock lock = new ReentrantLock();

    /** Is signalled after each poll and at the stop. */
    private final Condition polledOrStopped = lock.newCondition();

    /** Number of polls that have begun. */
    private long begunPolls;

    /** Scans that at least one request watches, by scan id. */
    private final Map<UUID, WatchedScan> watchedScans = new HashMap<>();

    /** Number of requests that watch, by the id of their access key. */
    private final Map<String, Integer> watchersByKey = new HashMap<>();

    /** Access keys of watchers that no longer exist, as of the last poll. */
    private Set<String> withdrawnKeys = Set.of();

    /** Runs the polls; null before the start and after the stop. */
    private volatile @Nullable ScheduledExecutorService pollExecutor;

    @Autowired
    ScanFeed(ScanStore scans, ScanViews views, CallerLookup callers) {
        this(ids -> views.of(scans.find(ids)), callers::existing);
    }

    /**
     * Creates a feed.
     *
     * @param reader reads the views of the scans with some ids
     * @param existingKeys returns those access keys that exist
     */
    ScanFeed(Function<List<UUID>, List<ScanView>> reader, UnaryOperator<Set<String>> existingKeys) {
        this.reader = reader;
        this.existingKeys = existingKeys;
    }

    /** Holds the latest view of a scan, and the number of requests that watch the scan. Guarded by {@code lock}. */
    private static final class WatchedScan {
        private int watchers;

        /** View as of the last poll that has found the scan; null before. */
        private @Nullable ScanView latestView;

        /** Number of the poll that has found {@code latestView}; the first poll has the number 1. */
        private long latestPoll;
    }

    /**
     * Begins to watch a scan on behalf of a request. The caller must end this with {@link #leave}.
     *
     * @param accessKey id of the access key of the request
     * @return the number of the last poll that has begun before, for {@link #next}
     */
    long join(UUID scanId, String accessKey) {
        lock.lock();
        try {
            watchersByKey.merge(accessKey, 1, Integer::sum);
            watchedScans.computeIfAbsent(scanId, id -> new WatchedScan()).watchers++;
            return begunPolls;
        } finally {
            lock.unlock();
        }
    }

    /** Ends one {@link #join} with the same arguments. The scan is no longer polled when its last watcher leaves. */
    void leave(UUID scanId, String accessKey) {
        lock.lock();
        try {
            watchersByKey.computeIfPresent(accessKey, (key, count) -> count == 1 ? null : count - 1);
            WatchedScan scan = watchedScans.get(scanId);
            if (scan != null && --scan.watchers == 0) {
                watchedScans.remove(scanId);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a view of a watched scan that differs from the one that the caller has. The caller must have joined.
     * Returns only views of polls that have begun since: an older one could be older than what the caller has.
     *
     * @param accessKey id of the access key of the request
     * @param joinedAfter what {@link #join} has returned
     * @param lastView view that the caller has got last, or null if it has none
     * @param patience maximum time to wait; the method does not wait if this is not positive
     * @return the newest view, or null if nothing has changed within {@code patience}, or if {@link #isOpen} is now
     *     false
     */
    @Nullable ScanView next(UUID scanId, String accessKey, long joinedAfter, @Nullable ScanView lastView, Duration patience)
            throws InterruptedException {
        lock.lock();
        try {
            long remainingNanos = patience.toNanos();
            while (isOpen(accessKey)) {
                WatchedScan scan = watchedScans.get(scanId);
                ScanView newest = scan == null || scan.latestPoll <= joinedAfter ? null : scan.latestView;
                if (newest != null && !newest.equals(lastView)) {
                    return newest;
                }
                if (remainingNanos <= 0) {
                    return null;
                }
                remainingNanos = polledOrStopped.awaitNanos(remainingNanos);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns whether requests can watch with an access key: the feed runs, and the last poll has not found that the
     * key is withdrawn.
     */
    boolean isOpen(String accessKey) {
        lock.lock();
        try {
            return pollExecutor != null && !withdrawnKeys.contains(accessKey);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads all watched scans and the access keys of their watchers. Catches all runtime exceptions, because the
     * executor runs no more polls after an exception.
     */
    private void poll() {
        try {
            List<UUID> ids = beginPoll();
            if (!ids.isEmpty()) {
                publish(reader.apply(ids), findWithdrawnKeys());
            }
        } catch (DataAccessException e) {
            // Most likely the database is away, which other parts of the service log. The next poll tries again.
            LOG.debug("Watched scans cannot be read at the moment", e);
        } catch (RuntimeException e) {
            LOG.error("Watched scans could not be read", e);
        }
    }

    /** Counts the poll that begins, and returns the ids of the scans to read. */
    private List<UUID> beginPoll() {
        lock.lock();
        try {
            begunPolls++;
            return List.copyOf(watchedScans.keySet());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads which access keys of watchers no longer exist. The lock is not held during the query, because requests
     * would have to wait for the database.
     */
    private Set<String> findWithdrawnKeys() {
        Set<String> keys;
        lock.lock();
        try {
            keys = new HashSet<>(watchersByKey.keySet());
        } finally {
            lock.unlock();
        }
        keys.removeAll(existingKeys.apply(Set.copyOf(keys)));
        return Set.copyOf(keys);
    }

    /** Stores the result of a poll, and wakes all requests that wait. */
    private void publish(List<ScanView> polledViews, Set<String> polledWithdrawnKeys) {
        lock.lock();
        try {
            withdrawnKeys = polledWithdrawnKeys;
            for (ScanView view : polledViews) {
                WatchedScan scan = watchedScans.get(UUID.fromString(view.id()));
                // Null if the last watcher has left during the poll.
                if (scan != null) {
                    scan.latestView = view;
                    // Only one poll runs at a time.
                    scan.latestPoll = begunPolls;
                }
            }
            polledOrStopped.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("keysweep-feed").factory());
        var ignored = executor.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        pollExecutor = executor;
    }

    /**
     * Ends the polls, and wakes the requests that wait, so that they end. Spring stops this bean before the web server,
     * which waits for all requests to end.
     */
    @Override
    public void stop() {
        ScheduledExecutorService executor = pollExecutor;
        pollExecutor = null;
        if (executor != null) {
            executor.shutdown();
        }
        lock.lock();
        try {
            polledOrStopped.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return pollExecutor != null;
    }
}
