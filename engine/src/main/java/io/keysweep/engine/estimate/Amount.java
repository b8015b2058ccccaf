package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.KeyCount;

/**
 * Holds an estimated amount with its error, before it is rounded to a {@link KeyCount}.
 *
 * @param value the most likely amount
 * @param halfWidth half the width of the 95 % interval; infinite if the sample does not show the error
 */
record Amount(double value, double halfWidth) {

    static final Amount NONE = new Amount(/* value= */ 0, /* halfWidth= */ 0);

    /** Returns the sum of two amounts, whose errors are independent. */
    Amount plus(Amount other) {
        return new Amount(value + other.value, Math.hypot(halfWidth, other.halfWidth));
    }

    /** Returns the rounded amount, whose interval is limited to what is possible: 0 to {@code most}. */
    KeyCount keys(long most) {
        return new KeyCount(
                Math.clamp(Math.round(value), 0, most),
                Math.clamp((long) Math.floor(value - halfWidth + ROUNDING), 0, most),
                Math.clamp((long) Math.ceil(value + halfWidth - ROUNDING), 0, most));
    }

    /** So that a count, which has no error, keeps its value in spite of the errors of doubles. */
    private static final double ROUNDING = 1e-6;
}
