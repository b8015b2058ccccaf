package io.keysweep.server.window;

import io.keysweep.server.scan.ScanType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides when the scans of one instance may run, and how long the spread delays their starts.
 *
 * <p>A window is a time of the week when sweeps may run. The spread is the period over which the starts of different
 * instances are distributed, so that they do not all begin when a window opens. An instance always waits for the same
 * fraction of the spread; the fraction is calculated from the id of the instance. The fractions of many instances are
 * evenly distributed. Immutable, and without side effects.
 */
public final class WindowGate {

    /** The interval at which a waiting sweep is checked while the next opening is far away. */
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(15);

    private static final DateTimeFormatter TIME_FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final UUID instanceId;
    private final WindowPolicy policy;

    /** Whether the instance has set the windows itself; if not, they come from its project. */
    private final boolean ofInstance;

    /** When the windows were set; the earliest time for an instance without windows. */
    private final Instant setAt;

    WindowGate(UUID instanceId, WindowPolicy policy, boolean ofInstance, Instant setAt) {
        this.instanceId = instanceId;
        this.policy = policy;
        this.ofInstance = ofInstance;
        this.setAt = setAt;
    }

    /** Returns the gate of an instance without windows, which is always open. */
    public static WindowGate open(UUID instanceId) {
        return new WindowGate(instanceId, WindowPolicy.NONE, /* ofInstance= */ false, Instant.MIN);
    }

    /**
     * Returns whether a scan of a type may run at a moment, without regard to the spread. Manual scans may run at any
     * time, unless the windows apply to all scans.
     */
    public boolean isOpenTo(ScanType type, Instant moment) {
        boolean isExempt = type == ScanType.MANUAL && policy.appliesTo() == WindowPolicy.AppliesTo.AUTOMATIC;
        return isExempt || policy.windows().isOpenAt(moment);
    }

    /** Returns true if a sweep ends when its window closes; false if it waits and continues in the next window. */
    public boolean endsSweepsOutside() {
        return policy.outside() == WindowPolicy.Outside.END;
    }

    /** Returns the next moment after {@code moment} at which the windows open; empty if they never open again. */
    public Optional<Instant> nextOpening(Instant moment) {
        return policy.windows().nextOpening(moment);
    }

    /**
     * Returns the delay of this instance within the full spread, by which its schedule is moved; zero if there is no
     * spread. {@link #earliestStart} uses a shorter delay in a short window, and no delay in a window that is open
     * already.
     */
    public Duration startDelay() {
        return delayWithin(policy.spread());
    }

    /**
     * Returns the first moment from {@code due} on at which a scan of this instance may start; empty if the windows
     * never open again.
     *
     * <p>If the windows are open at {@code due}, the start is at {@code due}. If they are closed, the start waits until
     * they open, and then for the delay of the instance in the spread. If the windows were set after {@code due}, the
     * start is treated as due when they were set.
     *
     * <p>A spread that is longer than half of the window is shortened to that half. For example, a spread of 3 hours is
     * 2 hours in a window of 4 hours.
     */
    public Optional<Instant> earliestStart(Instant due) {
        Instant effectiveDue = due.isBefore(setAt) ? setAt : due;
        if (policy.windows().isOpenAt(effectiveDue)) {
            return Optional.of(effectiveDue);
        }
        return policy.windows()
                .nextOpening(effectiveDue)
                .map(opening -> opening.plus(delayWithin(spreadInWindow(opening))));
    }

    /**
     * Returns the time at which to check again a sweep that waits for the windows to open. If the windows open within
     * two {@link #CHECK_INTERVAL}s, this is the time of the sweep's start; otherwise, it is the end of one interval.
     * The checks before the start find changes of the windows that did not wake the sweep because of a crash.
     *
     * <p>After an opening, the spread delays the first start of each instance by a different time, so that the starts
     * are not all at the same time. Between the opening and this start, the windows are open. A check in this time
     * would begin the sweep too early, so there is none.
     */
    Instant nextCheck(Instant now) {
        Instant twoIntervalsFromNow = now.plus(CHECK_INTERVAL.multipliedBy(2));
        return nextOpening(now)
                .filter(opening -> opening.isBefore(twoIntervalsFromNow))
                .flatMap(opening -> earliestStart(now))
                .orElseGet(() -> now.plus(CHECK_INTERVAL));
    }

    /**
     * Returns the spread in the window that opens at a moment. It is at most half of the time until the window closes,
     * so that the last scan to start still has the other half.
     */
    private Duration spreadInWindow(Instant opening) {
        Duration maxSpread = policy.windows()
                .nextClosing(opening)
                .map(closing -> Duration.between(opening, closing).dividedBy(2))
                // Windows that never close do not shorten the spread.
                .orElse(policy.spread());
        return maxSpread.compareTo(policy.spread()) < 0 ? maxSpread : policy.spread();
    }

    /**
     * Returns whether the windows have changed, or were set again, since an earlier gate of this instance was read.
     */
    public boolean differsFrom(WindowGate earlier) {
        return !setAt.equals(earlier.setAt) || !policy.equals(earlier.policy);
    }

    /**
     * Returns the name of these windows, with their owner, for messages: {@code the instance's windows} or {@code the
     * project's windows}.
     */
    public String ownerName() {
        return ofInstance ? "the instance's windows" : "the project's windows";
    }

    /**
     * Returns why a sweep that is not allowed to run at a moment waits, such as {@code closed until 2026-11-24 22:00
     * UTC}. The time is the time of the wall clock in the zone of the windows. Must be called for a moment at which the
     * windows are closed.
     */
    public String closedReason(Instant moment) {
        ZoneId zone = policy.windows().zone();
        return policy.windows()
                .nextOpening(moment)
                .map(opening -> "closed until " + TIME_FORMAT.format(opening.atZone(zone)) + " "
                        + WindowDocuments.zoneName(zone))
                .orElse("closed, and no window opens again");
    }

    /**
     * Returns the delay of this instance in a spread: from 0 to just below {@code spread}, always the same for the same
     * spread.
     */
    private Duration delayWithin(Duration spread) {
        // The bits of an id are not evenly distributed: ids of version 1 and 7 contain a time. These multiplications
        // mix them.
        long mixedBits =
                (instanceId.getMostSignificantBits() ^ instanceId.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
        mixedBits = (mixedBits ^ (mixedBits >>> 32)) * 0xD6E8FEB86659FD93L;
        mixedBits ^= mixedBits >>> 32;
        // The upper 53 bits become a number from 0 to just below 1. A double represents 53 bits exactly.
        double fraction = (mixedBits >>> 11) * 0x1p-53;
        return Duration.ofMillis((long) (spread.toMillis() * fraction));
    }
}
