package io.keysweep.engine.insight;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Counts the keys that die in each of several equal steps of time, by the TTLs that they have now.
 *
 * <p>Keys that are created later are not in it, and keys whose TTL is changed later die at another time.
 *
 * @param begin the beginning of the first step, a multiple of the step since 1970
 * @param taken when the sample was taken, within the first step or later; earlier deaths are not in the counts
 * @param step the length of a step
 * @param counts the number of keys that die in each step
 * @param total the number of keys that die in all of them; its interval is narrower than the sum of theirs
 */
public record DeathCounts(Instant begin, Instant taken, Duration step, List<KeyCount> counts, KeyCount total) {

    public DeathCounts {
        counts = List.copyOf(counts);
    }

    /** Returns the beginning of a step; with the number of steps, the end of the last one. */
    Instant begin(int index) {
        return begin.plus(step.multipliedBy(index));
    }

    /** Returns the keys that die in a second, on average over the first hour, or all steps if they are shorter. */
    public double perSecondSoon() {
        double seconds = 0;
        double keys = 0;
        for (int i = 0; i < counts.size() && seconds < 3600; i++) {
            seconds += secondsOf(i);
            keys += counts.get(i).keys();
        }
        return seconds > 0 ? keys / seconds : 0;
    }

    /** Returns the length of a step in s, from the time of the sample on; 0 for a step that was over by then. */
    double secondsOf(int index) {
        Instant from = begin(index).isBefore(taken) ? taken : begin(index);
        return Math.max(0, Duration.between(from, begin(index + 1)).toMillis() / 1e3);
    }
}
