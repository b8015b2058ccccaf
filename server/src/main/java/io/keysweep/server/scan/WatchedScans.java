package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps the scans that requests watch, with their latest views, and makes the requests wait for newer views.
 *
 * <p>A view is the document about a scan that the API returns. A request joins, waits for one view after another, and
 * leaves. {@link ScanFeed} reads the views: each poll begins with {@link #beginPoll} and ends with {@link #publish}.
 * The subject of a caller is an access key, or a credential of a user; see {@code Caller.subject}.
 *
 * <p>Thread-safe: {@code lock} guards all fields that change. The lock is not a monitor ({@code synchronized}), because
 * a virtual thread that waits at a monitor blocks its carrier thread.
 */
@Component
final class WatchedScans {

    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled after each poll and by {@link #close}, to wake the requests that wait. */
    private final Condition changed = lock.newCondition();

    /** Scans that at least one request watches, by scan id. */
    private final Map<UUID, WatchedScan> scans = new HashMap<>();

    /** Number of requests that watch, by the subject of their caller. */
    private final Map<String, Integer> watchersBySubject = new HashMap<>();

    /** Subjects of watchers whose access key or credential could no longer be used at the last poll. */
    private Set<String> withdrawnSubjects = Set.of();

    /** Number of polls that have begun. */
    private long begunPolls;

    /** Whether requests can watch: true between {@link #open} and {@link #close}. */
    private boolean open;

    /** Contains the latest view of a scan, and the number of requests that watch the scan. Guarded by {@code lock}. */
    private static final class WatchedScan {
        private int watchers;

        /** View as of the last poll that has found the scan; null before. */
        private @Nullable ScanView latestView;

        /** Number of the poll that has found {@code latestView}; the first poll has the number 1. */
        private long latestPoll;

        /** Whether a poll has no longer found the scan, because retention or the removal of its instance deleted it. */
        private boolean deleted;
    }

    /**
     * Lists the scans and the subjects that a poll must read.
     *
     * @param scanIds ids of the watched scans
     * @param subjects subjects of the callers of all requests that watch
     */
    record Poll(Set<UUID> scanIds, Set<String> subjects) {}

    /** Lets requests watch from now on. */
    void open() {
        lock.lock();
        try {
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all watches, and wakes the requests that wait. */
    void close() {
        lock.lock();
        try {
            open = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins to watch a scan on behalf of a request. The caller must end this with {@link #leave}.
     *
     * @param subject subject of the caller of the request
     * @return the number of the last poll that had begun before this call; the caller passes it to {@link #next}
     */
    long join(UUID scanId, String subject) {
        lock.lock();
        try {
            watchersBySubject.merge(subject, 1, Integer::sum);
            scans.computeIfAbsent(scanId, id -> new WatchedScan()).watchers++;
            return begunPolls;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a watch that {@link #join} has begun with the same arguments. A scan without watchers is no longer polled.
     */
    void leave(UUID scanId, String subject) {
        lock.lock();
        try {
            watchersBySubject.computeIfPresent(subject, (watcher, count) -> count == 1 ? null : count - 1);
            WatchedScan scan = scans.get(scanId);
            if (scan != null && --scan.watchers == 0) {
                scans.remove(scanId);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a view of a watched scan that differs from the caller's view. The caller must have joined. Returns only
     * views of polls that began after the caller joined, because an earlier view could be older than the view that the
     * caller has.
     *
     * @param subject subject of the caller of the request
     * @param joinedAfter number of the last poll that had begun before the caller joined, as {@link #join} returns it
     * @param lastView view that the caller has got last, or null if it has none
     * @param patience maximum time to wait; the method does not wait if this is not positive
     * @return the newest view, or null if nothing has changed within {@code patience}, or if {@link #isOpen} is now
     *     false
     */
    @Nullable ScanView next(UUID scanId, String subject, long joinedAfter, @Nullable ScanView lastView, Duration patience)
            throws InterruptedException {
        lock.lock();
        try {
            long remainingNanos = patience.toNanos();
            while (isOpen(scanId, subject)) {
                WatchedScan scan = scans.get(scanId);
                ScanView newestView = scan == null || scan.latestPoll <= joinedAfter ? null : scan.latestView;
                if (newestView != null && !newestView.equals(lastView)) {
                    return newestView;
                }
                if (remainingNanos <= 0) {
                    return null;
                }
                remainingNanos = changed.awaitNanos(remainingNanos);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns whether a request can still watch a scan. Returns false if the service stops. Also returns false if the
     * last poll has found that the scan is deleted, or that the access key or credential of the caller can no longer be
     * used.
     *
     * @param subject subject of the caller of the request
     */
    boolean isOpen(UUID scanId, String subject) {
        lock.lock();
        try {
            WatchedScan scan = scans.get(scanId);
            return open && !withdrawnSubjects.contains(subject) && (scan == null || !scan.deleted);
        } finally {
            lock.unlock();
        }
    }

    /** Begins a poll: counts it, and returns the scans and subjects that it must read. */
    Poll beginPoll() {
        lock.lock();
        try {
            begunPolls++;
            return new Poll(Set.copyOf(scans.keySet()), Set.copyOf(watchersBySubject.keySet()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stores the result of a poll, and wakes all requests that wait. Only one poll may run at a time.
     *
     * @param poll result of {@link #beginPoll} for this poll
     * @param views views of the scans that exist
     * @param usableSubjects subjects of the poll whose access key or credential can still be used
     */
    void publish(Poll poll, Collection<ScanView> views, Set<String> usableSubjects) {
        lock.lock();
        try {
            Set<String> unusableSubjects = new HashSet<>(poll.subjects());
            unusableSubjects.removeAll(usableSubjects);
            withdrawnSubjects = unusableSubjects;
            Set<UUID> missingScans = new HashSet<>(poll.scanIds());
            for (ScanView view : views) {
                UUID scanId = UUID.fromString(view.id());
                missingScans.remove(scanId);
                WatchedScan scan = scans.get(scanId);
                // The scan is null if its last watcher has left during the poll.
                if (scan != null) {
                    scan.latestView = view;
                    scan.latestPoll = begunPolls;
                }
            }
            for (UUID scanId : missingScans) {
                WatchedScan scan = scans.get(scanId);
                if (scan != null) {
                    scan.deleted = true;
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
