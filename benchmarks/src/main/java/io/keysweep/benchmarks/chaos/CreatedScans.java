package io.keysweep.benchmarks.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Records the scans whose creation the service has confirmed, so that {@link LoadRun} can check that none was lost.
 *
 * <p>A request with an idempotency key creates one scan at most, however often it is sent. Safe to share between
 * threads.
 */
final class CreatedScans {

    /** The number of scans from which {@link #anyRecent} chooses. */
    private static final int MAX_RECENT = 100;

    private final Map<String, String> idsByKey = new ConcurrentHashMap<>();
    private final Map<String, String> bodiesByKey = new ConcurrentHashMap<>();
    private final Set<String> idsWithoutKey = ConcurrentHashMap.newKeySet();
    private final List<String> recent = new ArrayList<>();

    /**
     * Records a scan that a request with an idempotency key has created.
     *
     * @param key the idempotency key
     * @param body the body of the request, with which the request can be repeated
     */
    void add(String key, String body, String scanId) {
        idsByKey.put(key, scanId);
        bodiesByKey.put(key, body);
        remember(scanId);
    }

    /** Records a scan that a request without an idempotency key has created. */
    void addWithoutKey(String scanId) {
        idsWithoutKey.add(scanId);
        remember(scanId);
    }

    /** Adds a scan to the recent ones, of which only some are kept. */
    private synchronized void remember(String scanId) {
        recent.add(scanId);
        if (recent.size() > MAX_RECENT) {
            recent.removeFirst();
        }
    }

    /** Returns the id of a random scan of the last 100. Before the first scan it returns an id that no scan has. */
    synchronized String anyRecent() {
        return recent.isEmpty()
                ? "00000000-0000-4000-8000-000000000000"
                : recent.get(ThreadLocalRandom.current().nextInt(recent.size()));
    }

    /** Returns the ids of the scans that were created with an idempotency key, by that key. */
    Map<String, String> idsByKey() {
        return idsByKey;
    }

    /** Returns the body of the request with the given idempotency key; empty if the key is unknown. */
    String body(String key) {
        return bodiesByKey.getOrDefault(key, "");
    }

    /** Returns the ids of scans that were created without an idempotency key. */
    Collection<String> idsWithoutKey() {
        return idsWithoutKey;
    }
}
