package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The pace of one scan, as far as it was chosen.
 *
 * @param stallBudget longest time a step may take, or null for that of the settings
 * @param share largest share of the server's time, or null for that of the settings
 * @param rateCeiling most keys visited a second, or null for no such ceiling
 */
public record PaceChoice(
        @Nullable Duration stallBudget,
        @Nullable Double share,
        @Nullable Long rateCeiling) {

    /** The whole pace, with what was not chosen taken from {@code settings}. */
    public PacePolicy over(PacePolicy settings) {
        return new PacePolicy(
                stallBudget == null ? settings.stallBudget() : stallBudget,
                share == null ? settings.shareCeiling() : share,
                rateCeiling == null ? OptionalLong.empty() : OptionalLong.of(rateCeiling));
    }
}
