package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many refused calls of a minute and of a day are recorded singly, and counts the others.
 *
 * <p>So a flood cannot fill the database. Thread-safe. Calls are counted by access key if the caller is authenticated, else by address.
 */
final class RefusalBrake {

    static final int PER_ADDRESS = 5;
    static final int PER_KEY = 60;
    static final int ANONYMOUS_PER_MINUTE = 60;
    static final int PER_MINUTE = 300;
    static final int ANONYMOUS_PER_DAY = 5_000;
    static final int PER_DAY = 20_000;

    /** The most addresses with a count of their own; the others share one. As many access keys come on top. */
    static final int MAX_CALLERS = 100;

    /** The most callers of a minute that are named with their count; the others share one. */
    static final int MAX_NAMED = 10;

    private final InstantSource clock;
    private final Map<String, Count> callers = new LinkedHashMap<>();
    private final Quota minute = new Quota(Duration.ofMinutes(1), ANONYMOUS_PER_MINUTE, PER_MINUTE);
    private final Quota day = new Quota(Duration.ofDays(1), ANONYMOUS_PER_DAY, PER_DAY);
    private long others;

    RefusalBrake(InstantSource clock) {
        this.clock = clock;
        minute.begin(clock.instant());
        day.begin(clock.instant());
    }

    /** Counts the recorded calls of all callers in a period. */
    private static final class Quota {

        private final Duration period;
        private final int maxAnonymous;
        private final int max;
        private Instant since = Instant.EPOCH;
        private int anonymous;
        private int all;

        private Quota(Duration period, int maxAnonymous, int max) {
            this.period = period;
            this.maxAnonymous = maxAnonymous;
            this.max = max;
        }

        private void begin(Instant now) {
            since = now;
            anonymous = 0;
            all = 0;
        }

        private boolean isOver(Instant now) {
            return !now.isBefore(since.plus(period));
        }

        private boolean hasRoom(boolean forAnonymous) {
            return all < max && !(forAnonymous && anonymous >= maxAnonymous);
        }

        private void use(boolean byAnonymous) {
            all++;
            anonymous += byAnonymous ? 1 : 0;
        }
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
            if (callers.size() >= (key == null ? MAX_CALLERS : 2 * MAX_CALLERS)) {
                others++;
                return false;
            }
            caller = new Count(key, key == null ? call.address() : null);
            callers.put(id, caller);
        }
        boolean anonymous = key == null;
        if (caller.recorded >= (anonymous ? PER_ADDRESS : PER_KEY)
                || !minute.hasRoom(anonymous)
                || !day.hasRoom(anonymous)) {
            caller.omitted++;
            return false;
        }
        caller.recorded++;
        minute.use(anonymous);
        day.use(anonymous);
        return true;
    }

    /**
     * Returns what was not recorded, and begins another minute, if the minute is over.
     *
     * @param now whether to do so before the minute is over
     */
    synchronized List<Omitted> drain(boolean now) {
        Instant time = clock.instant();
        if (!now && !minute.isOver(time)) {
            return List.of();
        }
        List<Count> counts = callers.values().stream()
                .filter(caller -> caller.omitted > 0)
                .sorted(Comparator.comparingLong((Count caller) -> caller.omitted)
                        .reversed())
                .toList();
        List<Omitted> drained = new ArrayList<>();
        for (Count caller : counts) {
            if (drained.size() < MAX_NAMED) {
                drained.add(new Omitted(caller.key, caller.address, caller.omitted, minute.since));
            } else {
                others += caller.omitted;
            }
        }
        if (others > 0) {
            drained.add(new Omitted(null, null, others, minute.since));
        }
        callers.clear();
        others = 0;
        minute.begin(time);
        if (day.isOver(time)) {
            day.begin(time);
        }
        return drained;
    }
}
