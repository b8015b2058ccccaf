package io.keysweep.cli.shell;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.estimate.SweepCost;

/**
 * What a sweep would take by profile, as JSON has it.
 *
 * @param gentle seconds
 * @param balanced seconds
 * @param full seconds
 */
public record SweepTimes(double gentle, double balanced, double full) {

    /** The times of a cost. */
    public static SweepTimes of(SweepCost cost) {
        return new SweepTimes(
                Amounts.rounded(Amounts.seconds(cost.gentle())),
                Amounts.rounded(Amounts.seconds(cost.balanced())),
                Amounts.rounded(Amounts.seconds(cost.full())));
    }

    /** {@code about 72.0 s gentle, 36.0 s balanced, 18.0 s full}. */
    public static String text(SweepCost cost) {
        return "about " + Amounts.duration(cost.gentle()) + " gentle, " + Amounts.duration(cost.balanced()) + " balanced, "
                + Amounts.duration(cost.full()) + " full";
    }
}
