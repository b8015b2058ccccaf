package io.keysweep.engine.insight;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Holds how many keys die (expire) in each of several equal time slots, the <i>steps</i> of a forecast.
 *
 * <p>The numbers follow from the TTLs at the time of the sample. Keys that are created later are not counted, and keys
 * whose TTL is changed later die at another time.
 *
 * @param begin the beginning of the first step, a whole multiple of the step's length since 1970
 * @param taken when the sample was taken, within the first step or later; keys that died earlier are not counted
 * @param step the length of a step
 * @param counts the number of keys that die in each step
 * @param total the number of keys that die in all steps together; its 95 % interval is narrower than the sum of the
 *     intervals of the steps
 */
public record DeathCounts(Instant begin, Instant taken, Duration step, List<KeyCount> counts, KeyCount total) {

    public DeathCounts {
        counts = List.copyOf(counts);
    }

    /**
     * Returns the beginning of the step with a number, from 0. If {@code index} is the number of steps, the result is
     * the end of the last step.
     */
    Instant begin(int index) {
        return begin.plus(step.multipliedBy(index));
    }

    /** Returns how many seconds of a step lie after the sample; 0 for a step that had ended before the sample. */
    double secondsOf(int index) {
        Instant from = begin(index).isBefore(taken) ? taken : begin(index);
        return Math.max(0, Duration.between(from, begin(index + 1)).toMillis() / 1e3);
    }
}
