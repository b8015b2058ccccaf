package io.keysweep.engine.insight;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Holds how many keys die (expire) in each of the equal periods of a forecast.
 *
 * <p>The numbers follow from the TTLs at the time of the sample. Keys that are created later are not counted, and keys
 * whose TTL is changed later die at another time.
 *
 * @param begin the beginning of the first period, a whole multiple of {@code step} since 1970
 * @param taken when the sample was taken, within the first period or later; keys that died earlier are not counted
 * @param step the length of a period
 * @param counts the number of keys that die in each period
 * @param total the number of keys that die in all periods together; its 95 % interval is narrower than the sum of the
 *     intervals of the periods
 */
public record DeathCounts(Instant begin, Instant taken, Duration step, List<KeyCount> counts, KeyCount total) {

    public DeathCounts {
        counts = List.copyOf(counts);
    }

    /**
     * Returns the beginning of the period with a number, from 0. If {@code index} is the number of periods, the result
     * is the end of the last period.
     */
    Instant begin(int index) {
        return begin.plus(step.multipliedBy(index));
    }

    /** Returns how many seconds of a period lie after the sample; 0 for a period that had ended before the sample. */
    double secondsOf(int index) {
        Instant from = begin(index).isBefore(taken) ? taken : begin(index);
        return Math.max(0, Duration.between(from, begin(index + 1)).toMillis() / 1e3);
    }
}
