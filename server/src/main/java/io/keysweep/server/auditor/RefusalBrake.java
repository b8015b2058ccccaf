package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many refused calls of a minute are recorded singly, so that a flood cannot fill the database, and counts
 * the others. Thread-safe.
 *
 * <p>Calls are counted by access key if the caller is authenticated, else by address.
 */
final class RefusalBrake {

    static final int PER_ADDRESS = 5;
    static final int PER_KEY = 60;
    static final int PER_PROCESS = 300;

    /** The most callers with a count of their own; the others share one. */
    static final int MAX_CALLERS = 100;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<String, Count> callers = new LinkedHashMap<>();
    private Instant since;
    private int recorded;
    private long others;

    RefusalBrake(InstantSource clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Counts the calls of one caller in the present minute. */
    private static final class Count {

        private final @Nullable String key;
        private final @Nullable String address;
        private int recorded;
        private long omitted;

        private Count(@Nullable String key, @Nullable String address) {
            this.key = key;
            this.address = address;
        }
    }

    /**
     * Says how many calls of a caller were not recorded singly.
     *
     * @param key access key; null for a caller without one
     * @param address address; null for many addresses
     * @param calls number of calls
     * @param since when the counting began
     */
    record Omitted(@Nullable String key, @Nullable String address, long calls, Instant since) {}

    /** Returns whether a refused call is recorded; counts it otherwise. */
    synchronized boolean admits(AuditCall call) {
        String key = call.actorId();
        String id = key == null ? "address " + call.address() : "key " + key;
        Count caller = callers.get(id);
        if (caller == null) {
            if (callers.size() >= MAX_CALLERS) {
                others++;
                return false;
            }
            caller = new Count(key, key == null ? call.address() : null);
            callers.put(id, caller);
        }
        if (recorded >= PER_PROCESS || caller.recorded >= (key == null ? PER_ADDRESS : PER_KEY)) {
            caller.omitted++;
            return false;
        }
        caller.recorded++;
        recorded++;
        return true;
    }

    /**
     * Returns what was not recorded, and begins another minute, if the minute is over.
     *
     * @param now whether to do so before the minute is over
     */
    synchronized List<Omitted> drain(boolean now) {
        if (!now && clock.instant().isBefore(since.plus(MINUTE))) {
            return List.of();
        }
        List<Omitted> drained = new ArrayList<>();
        for (Count caller : callers.values()) {
            if (caller.omitted > 0) {
                drained.add(new Omitted(caller.key, caller.address, caller.omitted, since));
            }
        }
        if (others > 0) {
            drained.add(new Omitted(null, null, others, since));
        }
        callers.clear();
        recorded = 0;
        others = 0;
        since = clock.instant();
        return drained;
    }
}
