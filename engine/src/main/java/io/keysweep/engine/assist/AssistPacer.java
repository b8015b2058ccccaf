package io.keysweep.engine.assist;

/**
 * Decides for how long the settings of a server stay raised and then rest, so that the share of assist holds.
 *
 * <p>The share is the part of the server's time that assist takes, on average. {@link #next} is a pure function, called after each time at the raised settings. The share that the raised settings
 * take does not depend on how long they stay, so the pace that fits follows from one measurement: the settings are
 * raised for {@code ceiling / share} of the time. Two rules keep small swings of the measurement from changing it:
 *
 * <ul>
 *   <li>While the settings stay raised all the time, they do so until the share exceeds the ceiling.
 *   <li>Once there are rests, they stay until the share is below {@value #TARGET} of the ceiling, and are long enough
 *       for the average to be {@value #TARGET} of it.
 * </ul>
 *
 * <p>So the share exceeds the ceiling for no longer than one control period (250 ms) at a time. The throttle's factor
 * shortens the part of the time further when others suffer.
 *
 * @param shareCeiling the largest share of the main thread's time that assist may take on average, above 0 up to 1
 */
record AssistPacer(double shareCeiling) {

    /** Where the share settles, in parts of the ceiling; below 1, so that small swings do not exceed the ceiling. */
    private static final double TARGET = 0.85;

    /**
     * Returns the next pace.
     *
     * @param pace the pace that has just been kept
     * @param raisedShare the share of the main thread's time that assist took while the settings were raised, 0 to 1
     * @param factor the part of its ceilings that the throttle leaves to assist, above 0 up to 1
     */
    AssistPace next(AssistPace pace, double raisedShare, double factor) {
        double bearable = raisedShare <= 0 ? Double.POSITIVE_INFINITY : shareCeiling / raisedShare;
        double aimed = pace.restFor().isZero() && bearable >= 1 ? 1 : Math.min(1, TARGET * bearable);
        return AssistPace.ofDuty(factor * aimed);
    }
}
