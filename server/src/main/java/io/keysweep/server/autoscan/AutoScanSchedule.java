package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Calculates when automatic scans are due: at the first start, and then at every interval counted from it, so that
 * starts never drift.
 *
 * <p>The DCS user guide says that a start that finds the previous scan still running is taken if that scan ends within
 * five minutes, and is skipped otherwise. A service that was down at the due time follows the same rule.
 *
 * @param first the first start
 * @param interval the time between two starts; zero means a single start
 */
record AutoScanSchedule(Instant first, Duration interval) {

    /** The time after the due time within which a start may still be taken. */
    static final Duration GRACE_PERIOD = Duration.ofMinutes(5);

    /** Returns this schedule with every start delayed. */
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

    private long periodsUntil(Instant now) {
        return Duration.between(first, now).dividedBy(interval);
    }
}
