package io.keysweep.cli.shell;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.estimate.SweepCost;

/**
 * Holds the estimated duration of a sweep with each profile, as JSON results have it.
 *
 * @param gentle in seconds
 * @param balanced in seconds
 * @param full in seconds
 */
public record SweepTimes(double gentle, double balanced, double full) {

    /** Returns the times of a cost in seconds, with three decimals. */
    public static SweepTimes of(SweepCost cost) {
        return new SweepTimes(
                Amounts.rounded(Amounts.seconds(cost.gentle())),
                Amounts.rounded(Amounts.seconds(cost.balanced())),
                Amounts.rounded(Amounts.seconds(cost.full())));
    }

    /** Formats the times of a cost: {@code about 1 min 12 s gentle, 36 s balanced, 18 s full}. */
    public static String text(SweepCost cost) {
        return "about " + Amounts.duration(cost.gentle()) + " gentle, " + Amounts.duration(cost.balanced())
                + " balanced, " + Amounts.duration(cost.full()) + " full";
    }
}
