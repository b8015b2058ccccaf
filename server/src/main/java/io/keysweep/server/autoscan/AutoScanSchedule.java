package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When automatic scans are due: at {@code first}, then every {@code interval} counted from it, so that no start drifts.
 * After the DCS user guide, a start that finds the previous scan still running is taken if that ends within five minutes
 * of the due time, and skipped otherwise; we treat a service that was down at the due time the same way.
 *
 * @param first the first start
 * @param interval between starts; zero is one single start
 */
record AutoScanSchedule(Instant first, Duration interval) {

    /** How late a start may be taken. */
    static final Duration GRACE = Duration.ofMinutes(5);

    /** The same schedule, each start later by so much. */
    AutoScanSchedule delayedBy(Duration delay) {
        return new AutoScanSchedule(first.plus(delay), interval);
    }

    /** The last start due at or before {@code now}, or empty before the first. */
    Optional<Instant> dueBy(Instant now) {
        if (now.isBefore(first)) {
            return Optional.empty();
        }
        return Optional.of(interval.isZero() ? first : first.plus(interval.multipliedBy(periods(now))));
    }

    /** The first start due after {@code now}, or empty if there is none any more. */
    Optional<Instant> dueAfter(Instant now) {
        if (now.isBefore(first)) {
            return Optional.of(first);
        }
        return interval.isZero() ? Optional.empty() : Optional.of(first.plus(interval.multipliedBy(periods(now) + 1)));
    }

    private long periods(Instant now) {
        return Duration.between(first, now).dividedBy(interval);
    }
}
