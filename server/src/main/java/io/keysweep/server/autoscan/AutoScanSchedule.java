package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Calculates when automatic scans are due: at the first start, and then after every interval. All starts are calculated
 * from the first start, so a late start does not delay the next starts.
 *
 * <p>The record only calculates times; {@link ScheduledStarter} decides what happens to a start that is due. If the
 * previous scan still runs then, the start waits for {@link #GRACE_PERIOD} at most, as the user guide of Huawei Cloud
 * DCS says. If that scan ends in time, the next scan starts; otherwise the start is skipped. A start that was due while
 * the service was down waits and is skipped in the same way.
 *
 * @param first the first start
 * @param interval the time between two starts; zero means a single start
 */
record AutoScanSchedule(Instant first, Duration interval) {

    /**
     * The longest time by which a start can be late, for example because the previous scan still runs. A later start is
     * skipped.
     */
    static final Duration GRACE_PERIOD = Duration.ofMinutes(5);

    /**
     * Returns this schedule with every start later by {@code delay}, such as the delay by which the spread distributes
     * the starts of instances.
     */
    AutoScanSchedule delayedBy(Duration delay) {
        return new AutoScanSchedule(first.plus(delay), interval);
    }

    /** Returns the last start at or before {@code now}; empty before the first start. */
    Optional<Instant> dueBy(Instant now) {
        if (now.isBefore(first)) {
            return Optional.empty();
        }
        return Optional.of(interval.isZero() ? first : first.plus(interval.multipliedBy(periodsUntil(now))));
    }

    /** Returns the first start after {@code now}; empty if there are no more starts. */
    Optional<Instant> dueAfter(Instant now) {
        if (now.isBefore(first)) {
            return Optional.of(first);
        }
        return interval.isZero()
                ? Optional.empty()
                : Optional.of(first.plus(interval.multipliedBy(periodsUntil(now) + 1)));
    }

    /** Returns the number of complete intervals from the first start to {@code now}. */
    private long periodsUntil(Instant now) {
        return Duration.between(first, now).dividedBy(interval);
    }
}
