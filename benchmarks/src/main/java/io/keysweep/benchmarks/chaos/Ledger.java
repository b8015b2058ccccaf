package io.keysweep.benchmarks.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The scans that callers were told to have created. Safe to share. */
final class Ledger {

    private static final int RECENT = 100;

    private final Map<String, String> byKey = new ConcurrentHashMap<>();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final Set<String> withoutKey = ConcurrentHashMap.newKeySet();
    private final List<String> recent = new ArrayList<>();

    void created(String key, String body, String scanId) {
        byKey.put(key, scanId);
        bodies.put(key, body);
        remember(scanId);
    }

    void createdWithoutKey(String scanId) {
        withoutKey.add(scanId);
        remember(scanId);
    }

    private synchronized void remember(String scanId) {
        recent.add(scanId);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    /** One of the last, or one that there is not if there was none yet. */
    synchronized String any() {
        return recent.isEmpty()
                ? "00000000-0000-4000-8000-000000000000"
                : recent.get(ThreadLocalRandom.current().nextInt(recent.size()));
    }

    Map<String, String> byKey() {
        return byKey;
    }

    String body(String key) {
        return bodies.getOrDefault(key, "");
    }

    Collection<String> withoutKey() {
        return withoutKey;
    }
}
