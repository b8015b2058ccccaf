package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which way of dealing with the dead keys of an instance is the cheapest, as a part of an {@link EstimateView}.
 *
 * @param action the way that is advised: {@code NOTHING}, {@code SETTING}, {@code ASSIST}, {@code PASSES} or
 *     {@code FULL_SWEEP}
 * @param sentence the advice in words
 * @param toleratedBacklog the number of dead keys that is good enough
 * @param inflowKnown whether it was measured how many keys die; if not, only the present backlog counts
 * @param options all possible ways, the cheapest that is enough first
 */
public record AdviceView(
        String action, String sentence, long toleratedBacklog, boolean inflowKnown, List<Option> options) {

    /**
     * Describes one way of dealing with the dead keys.
     *
     * @param action the way
     * @param expectedBacklog the dead keys to expect at the worst moment; null if they become more and more
     * @param serverSecondsPerDay the time of the servers' main threads that this way takes each day, in seconds
     * @param setting for {@code SETTING}, the settings; otherwise null
     * @param intervalSeconds for {@code ASSIST} and {@code PASSES}, the time between two starts; otherwise null
     * @param enough whether the backlog stays below what is tolerated
     */
    public record Option(
            String action,
            @Nullable Long expectedBacklog,
            double serverSecondsPerDay,
            @Nullable String setting,
            @Nullable Long intervalSeconds,
            boolean enough) {}
}
