package io.keysweep.engine.pacing;

/**
 * From where on a signal matters, in the signal's own unit; {@link #OFF} is never.
 *
 * @param soft above it the sweep slows down; above 0
 * @param hard above it the sweep holds, until the signal is below {@link #release} again; {@code soft} at least
 * @param critical above it, in several checks, the sweep ends; {@code hard} at least
 */
public record Limit(double soft, double hard, double critical) {

    /** A number that nothing exceeds. */
    public static final double OFF = Double.POSITIVE_INFINITY;

    /** The signal does not matter. */
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
     * The same limit with another hard number: the others stay in proportion. Where it has no hard number yet, soft
     * becomes half of it and critical stays off.
     */
    public Limit withHard(double other) {
        if (hard == OFF) {
            return new Limit(other / 2, other, OFF);
        }
        double scale = other / hard;
        return new Limit(soft * scale, other, critical * scale);
    }

    /** Below it a hold ends: the soft number, or half of the hard one where that is less. */
    double release() {
        return Math.min(soft, hard / 2);
    }
}
