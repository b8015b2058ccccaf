package io.keysweep.engine.insight;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks an estimate to read TTLs, types and sizes of the keys in its sample.
 *
 * <p>A step is here a period of the forecast, and not a call of SCAN.
 *
 * @param step the length of each period of the forecast, from 1 s to 1 day
 * @param steps the number of periods of the forecast, from 1 to {@value #MAX_STEPS}
 * @param prefixes how to count keys by prefix; null, the default, to count no prefixes
 */
public record PictureRequest(
        Duration step, int steps, @Nullable PrefixRequest prefixes) {

    /** The largest number of periods. */
    public static final int MAX_STEPS = 1_440;

    /** The request for a forecast of 24 hours in periods of 10 minutes, without prefixes. */
    public static final PictureRequest DEFAULT = of(Duration.ofHours(24), Duration.ofMinutes(10), /* prefixes= */ null);

    public PictureRequest {
        if (step.compareTo(Duration.ofSeconds(1)) < 0 || step.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("step is " + step.toMillis() / 1e3 + " s, must be 1 s to 1 day");
        }
        if (steps < 1 || steps > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "the forecast has " + steps + " steps, must have 1 to " + MAX_STEPS + "; choose longer steps");
        }
    }

    /**
     * Returns the request for a forecast of a given length; a part of a period at the end is treated as a whole period.
     *
     * @throws IllegalArgumentException if {@code length} or {@code step} is out of range; the message names the rule
     */
    public static PictureRequest of(Duration length, Duration step, @Nullable PrefixRequest prefixes) {
        if (step.isNegative() || step.isZero()) {
            throw new IllegalArgumentException("step is " + step.toMillis() / 1e3 + " s, must be 1 s to 1 day");
        }
        long steps = Math.ceilDiv(length.toMillis(), Math.max(1, step.toMillis()));
        return new PictureRequest(step, (int) Math.min(steps, Integer.MAX_VALUE), prefixes);
    }
}
