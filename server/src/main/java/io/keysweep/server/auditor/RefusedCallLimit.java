package io.keysweep.server.auditor;

import io.keysweep.server.admission.ClientNetwork;
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
 * Limits how many refused calls the audit log records one by one in a minute and in a day, and counts the others.
 *
 * <p>Without limits, a flood of refused calls would fill the database. Calls are counted by caller: by access key if
 * the caller is authenticated, otherwise by the {@link ClientNetwork} of its address. Callers without an access key are
 * <em>anonymous</em>, and have limits of their own, so that they cannot use up the limits of access keys. A successful
 * call of an anonymous caller that has changed nothing counts as a refused call, too.
 *
 * <p>{@link AuditRecorder} asks this class before it records such a call. The counts of a minute or a day begin again
 * only in {@link #drain}, which {@link AuditHousekeeping} causes each second; a period can thus be a little longer than
 * its name says. Thread-safe.
 */
final class RefusedCallLimit {

    /** The maximum number of refused calls of one address that are recorded per minute. */
    static final int PER_ADDRESS = 5;

    /** The maximum number of refused calls of one access key that are recorded per minute. */
    static final int PER_KEY = 60;

    /** The maximum number of refused calls of all anonymous callers together that are recorded per minute. */
    static final int ANONYMOUS_PER_MINUTE = 60;

    /** The maximum number of refused calls of all callers together that are recorded per minute. */
    static final int PER_MINUTE = 300;

    /** The maximum number of refused calls of all anonymous callers together that are recorded per day. */
    static final int ANONYMOUS_PER_DAY = 5_000;

    /** The maximum number of refused calls of all callers together that are recorded per day. */
    static final int PER_DAY = 20_000;

    /**
     * The largest number of callers with a count of their own, which bounds the memory. A further anonymous caller gets
     * no count. A further access key still gets one until there are twice as many callers, so that a flood of addresses
     * leaves room for access keys.
     */
    static final int MAX_CALLERS = 100;

    /**
     * Maximum number of callers of a minute that are named with their omitted calls; the others are counted together.
     */
    static final int MAX_NAMED = 10;

    private final InstantSource clock;

    /** The callers of the current minute. The keys are {@code address ADDRESS} and {@code key ACCESS_KEY}. */
    private final Map<String, CallerCount> callers = new LinkedHashMap<>();

    private final Quota minute = new Quota(Duration.ofMinutes(1), ANONYMOUS_PER_MINUTE, PER_MINUTE);
    private final Quota day = new Quota(Duration.ofDays(1), ANONYMOUS_PER_DAY, PER_DAY);

    /** Number of omitted calls in the current minute of the callers without a count of their own. */
    private long omittedOfOthers;

    RefusedCallLimit(InstantSource clock) {
        this.clock = clock;
        minute.begin(clock.instant());
        day.begin(clock.instant());
    }

    /** Counts the recorded calls of all callers in a period, up to a limit. */
    private static final class Quota {

        private final Duration period;
        private final int maxAnonymous;
        private final int max;
        private Instant since = Instant.EPOCH;
        private int anonymous;
        private int total;

        private Quota(Duration period, int maxAnonymous, int max) {
            this.period = period;
            this.maxAnonymous = maxAnonymous;
            this.max = max;
        }

        private void begin(Instant now) {
            since = now;
            anonymous = 0;
            total = 0;
        }

        private boolean isOver(Instant now) {
            // A clock that was set back must not make the period longer: calls would not be recorded for that time.
            return !now.isBefore(since.plus(period)) || now.isBefore(since);
        }

        private boolean hasRoom(boolean forAnonymous) {
            return total < max && !(forAnonymous && anonymous >= maxAnonymous);
        }

        private void use(boolean byAnonymous) {
            total++;
            anonymous += byAnonymous ? 1 : 0;
        }
    }

    /** Counts the calls of one caller in the current minute. */
    private static final class CallerCount {

        private final String kind;
        private final @Nullable String key;
        private final @Nullable String address;
        private int recorded;
        private long omitted;

        private CallerCount(String kind, @Nullable String key, @Nullable String address) {
            this.kind = kind;
            this.key = key;
            this.address = address;
        }
    }

    /**
     * Reports how many calls of a caller were only counted.
     *
     * @param kind kind of the caller in its first call of the minute, such as {@code access-key}; {@code anonymous} in
     *     the report about all other callers together, even if some have access keys
     * @param key access key or user; null for an anonymous caller, and for all other callers together
     * @param address address or network of an anonymous caller; null for an access key, and for all other callers
     *     together
     * @param calls number of calls
     * @param since when the counting began
     */
    record Omitted(
            String kind, @Nullable String key, @Nullable String address, long calls, Instant since) {}

    /**
     * Counts a refused call, and returns whether it must be recorded. If not, the call is counted as omitted.
     *
     * @param call a call that has not been counted before
     */
    synchronized boolean admits(AuditCall call) {
        String key = call.actorId();
        String address = call.address();
        String network = address == null ? null : ClientNetwork.of(address);
        boolean anonymous = key == null;
        String id = anonymous ? "address " + network : "key " + key;

        CallerCount caller = callers.get(id);
        if (caller == null) {
            if (callers.size() >= (anonymous ? MAX_CALLERS : 2 * MAX_CALLERS)) {
                omittedOfOthers++;
                return false;
            }
            caller = new CallerCount(call.actorKind(), key, anonymous ? network : null);
            callers.put(id, caller);
        }

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
     * Ends the minute if it is over, and returns how many calls were omitted in it. Begins the next minute, and the
     * next day if the day is over. If the minute is not over, returns an empty list and changes nothing.
     *
     * @param evenIfMinuteNotOver whether to end the minute although it may not be over yet
     * @return the callers with the most omitted calls first, and at last all other callers together
     */
    synchronized List<Omitted> drain(boolean evenIfMinuteNotOver) {
        Instant now = clock.instant();
        if (!evenIfMinuteNotOver && !minute.isOver(now)) {
            return List.of();
        }

        List<Omitted> drained = omittedCalls();
        callers.clear();
        omittedOfOthers = 0;
        minute.begin(now);
        if (day.isOver(now)) {
            day.begin(now);
        }
        return drained;
    }

    /** Returns the callers with the most omitted calls by name, and at last all other callers together. */
    private List<Omitted> omittedCalls() {
        List<CallerCount> counts = callers.values().stream()
                .filter(caller -> caller.omitted > 0)
                .sorted(Comparator.comparingLong((CallerCount caller) -> caller.omitted)
                        .reversed())
                .toList();

        // The entries name the first callers, and count all others together.
        List<Omitted> omitted = new ArrayList<>();
        long omittedOfUnnamed = omittedOfOthers;
        for (CallerCount caller : counts) {
            if (omitted.size() < MAX_NAMED) {
                omitted.add(new Omitted(caller.kind, caller.key, caller.address, caller.omitted, minute.since));
            } else {
                omittedOfUnnamed += caller.omitted;
            }
        }
        if (omittedOfUnnamed > 0) {
            omitted.add(new Omitted("anonymous", /* key= */ null, /* address= */ null, omittedOfUnnamed, minute.since));
        }
        return omitted;
    }
}
