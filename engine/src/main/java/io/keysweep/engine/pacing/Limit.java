package io.keysweep.engine.pacing;

/**
 * A limit sets the three values (thresholds) of one {@link Signal} above which a sweep slows down, holds or ends.
 *
 * <p>The values are in the unit of the signal. To hold is to send nothing to the server for a while; {@link Throttle}
 * compares every measurement with the limit and decides.
 *
 * <p>For example, {@code new Limit(5, 200, 2_000)} for {@link Signal#LATENCY} slows the sweep down above 5 ms, holds it
 * above 200 ms, and ends it if three of five checks find more than 2,000 ms. {@link #OFF} switches a threshold off.
 *
 * @param soft the sweep slows down above this value; must be above 0
 * @param hard the sweep holds above this value, until the signal falls below {@link #releaseThreshold}; at least
 *     {@code soft}
 * @param critical the sweep ends if three of the last five checks find the signal above this value; at least
 *     {@code hard}
 */
public record Limit(double soft, double hard, double critical) {

    /** A threshold that no value exceeds. */
    public static final double OFF = Double.POSITIVE_INFINITY;

    /** A limit with all three thresholds off, so that the signal has no effect on the sweep. */
    public static final Limit NONE = new Limit(OFF, OFF, OFF);

    public Limit {
        if (!(soft > 0)) {
            throw new IllegalArgumentException("soft is " + soft + ", must be above 0");
        }
        if (!(hard >= soft)) {
            throw new IllegalArgumentException("hard is " + hard + ", must be at least soft, which is " + soft);
        }
        if (!(critical >= hard)) {
            throw new IllegalArgumentException("critical is " + critical + ", must be at least hard, which is " + hard);
        }
    }

    /**
     * Returns a limit with another hard threshold.
     *
     * <p>The soft threshold is never raised. The other two thresholds change as follows:
     *
     * <ul>
     *   <li>If {@code newHard} is lower than the current hard threshold, both are lowered in proportion.
     *   <li>If it is higher, they are not changed, except that the critical threshold is at least {@code newHard}.
     *   <li>If the hard threshold is off now, the critical one remains off, and the soft one becomes at most half of
     *       {@code newHard}.
     * </ul>
     *
     * @throws IllegalArgumentException if {@code newHard} is not above 0
     */
    public Limit withHard(double newHard) {
        if (hard == OFF) {
            return new Limit(Math.min(soft, newHard / 2), newHard, OFF);
        }
        double scale = newHard / hard;
        return scale < 1
                ? new Limit(soft * scale, newHard, critical * scale)
                : new Limit(soft, newHard, Math.max(critical, newHard));
    }

    /** Returns a limit whose thresholds are each the lower one of this limit and {@code ceiling}. */
    Limit tightenedTo(Limit ceiling) {
        return new Limit(
                Math.min(soft, ceiling.soft), Math.min(hard, ceiling.hard), Math.min(critical, ceiling.critical));
    }

    /**
     * Returns the value below which a hold ends: the soft threshold, or half of the hard one if that is less. It lies
     * well below the hard threshold, so that holds do not begin and end in quick succession.
     */
    double releaseThreshold() {
        return Math.min(soft, hard / 2);
    }
}
