package io.keysweep.cli.shell;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.estimate.SweepCost;

/**
 * Describes the estimated duration of a sweep with each profile, in the form of JSON results.
 *
 * @param gentle duration with the profile {@code gentle} (a quarter of the server's time), in seconds
 * @param balanced duration with the profile {@code balanced} (half of the server's time), in seconds
 * @param full duration with the profile {@code full} (all of the server's time), in seconds
 */
public record SweepTimes(double gentle, double balanced, double full) {

    /** Converts the durations of {@code cost} to seconds with three decimals. */
    public static SweepTimes of(SweepCost cost) {
        return new SweepTimes(
                Amounts.rounded(Amounts.seconds(cost.gentle())),
                Amounts.rounded(Amounts.seconds(cost.balanced())),
                Amounts.rounded(Amounts.seconds(cost.full())));
    }

    /** Formats the durations of {@code cost}: {@code about 1 min 12 s (gentle), 36 s (balanced), 18 s (full)}. */
    public static String text(SweepCost cost) {
        return "about " + Amounts.duration(cost.gentle()) + " (gentle), " + Amounts.duration(cost.balanced())
                + " (balanced), " + Amounts.duration(cost.full()) + " (full)";
    }
}
