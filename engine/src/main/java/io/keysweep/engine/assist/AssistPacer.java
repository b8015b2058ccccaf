package io.keysweep.engine.assist;

/**
 * Decides how long settings stay raised and then have their former values, so that assist keeps within its share.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. The share is
 * the part of the main thread's time that assist takes, on average. {@link AssistDriver} calls {@link #next}, a pure
 * function, after each time at the raised settings.
 *
 * <p>The share that the raised settings take does not depend on how long they stay raised. So the right pace follows
 * from one measurement: the settings are raised for {@code ceiling / share} of the time. Example: with a ceiling of
 * 0.25 and a measured share of 0.5, they are raised for half of the time. Two rules keep small swings of the
 * measurement from changing the pace:
 *
 * <ul>
 * <li>If there are no rests (times at the former settings), the settings stay raised until the share exceeds the
 * ceiling.
 * <li>Once there are rests, the rests are kept until the share is below {@value #TARGET} of the ceiling. They are long
 * enough for the average to be {@value #TARGET} of the ceiling.
 * </ul>
 *
 * <p>So the share exceeds the ceiling for no longer than one control period (250 ms) at a time. The throttle's factor
 * shortens the time at the raised settings further when clients or replicas suffer.
 *
 * @param shareCeiling the largest share of the main thread's time that assist may take on average, above 0 up to 1
 */
record AssistPacer(double shareCeiling) {

    /**
     * The value at which the share settles, as a part of the ceiling. It is below 1, so that small swings do not exceed
     * the ceiling.
     */
    private static final double TARGET = 0.85;

    /**
     * Returns the pace of the next turn.
     *
     * @param pace the pace of the turn that has just ended
     * @param raisedShare the share of the main thread's time that assist took while the settings were raised, 0 to 1
     * @param factor the part of its ceiling that the throttle lets assist use, above 0 up to 1
     */
    AssistPace next(AssistPace pace, double raisedShare, double factor) {
        // The settings may be raised for this part of the time; above 1, they may stay raised all the time.
        double bearablePart = raisedShare <= 0 ? Double.POSITIVE_INFINITY : shareCeiling / raisedShare;
        double aimedPart = pace.restFor().isZero() && bearablePart >= 1 ? 1 : Math.min(1, TARGET * bearablePart);
        return AssistPace.ofDuty(factor * aimedPart);
    }
}
