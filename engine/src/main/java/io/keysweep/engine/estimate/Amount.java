package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.KeyCount;

/**
 * Holds an estimated number of keys or bytes with its error, before it is rounded to a {@link KeyCount}.
 *
 * @param value the most likely number
 * @param halfWidth half the width of the 95 % interval; infinite if the sample is too small to show the error
 */
record Amount(double value, double halfWidth) {

    static final Amount NONE = new Amount(/* value= */ 0, /* halfWidth= */ 0);

    /**
     * A tolerance for errors of floating-point arithmetic. Without it, an exact count of 7 could get the interval 6 to
     * 8.
     */
    private static final double ROUNDING = 1e-6;

    /** Returns the sum of two amounts, whose errors are independent. */
    Amount plus(Amount other) {
        return new Amount(value + other.value, Math.hypot(halfWidth, other.halfWidth));
    }

    /**
     * Returns the amount rounded to whole keys. The value and its interval are limited to the range from 0 to {@code
     * max}.
     */
    KeyCount roundToKeys(long max) {
        return new KeyCount(
                Math.clamp(Math.round(value), 0, max),
                Math.clamp((long) Math.floor(value - halfWidth + ROUNDING), 0, max),
                Math.clamp((long) Math.ceil(value + halfWidth - ROUNDING), 0, max));
    }
}
