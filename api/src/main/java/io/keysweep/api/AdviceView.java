package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes how to deal with the dead keys of an instance; part of {@link EstimateView}.
 *
 * <p>A dead key is an expired key that still holds memory. A sweep visits all keys of a primary, so that the server
 * removes the dead ones. The server's own expiry removes dead keys in the background. The advice is the cheapest
 * measure that keeps the number of dead keys at or below {@code toleratedBacklog}. If no measure does, the advice is
 * the measure that leaves the fewest dead keys. There are seven measures:
 *
 * <ul>
 *   <li>{@code NOTHING}: no action is necessary;
 *   <li>{@code SETTING}: a lasting change of the settings of the server's own expiry;
 *   <li>{@code ASSIST}: raise these settings for a while, at an interval;
 *   <li>{@code CONTINUOUS_ASSIST}: keep them raised, for a backlog target;
 *   <li>{@code PASSES}: sweeps at an interval;
 *   <li>{@code CONTINUOUS_PASSES}: sweeps without a break, for a backlog target;
 *   <li>{@code FULL_SWEEP}: a single sweep.
 * </ul>
 *
 * @param action the advised measure
 * @param sentence the advice in words
 * @param basis how sure the figures are, in words: which of them follow from measurements, and which from assumptions;
 *     null in an estimate that an earlier version of the service has stored
 * @param toleratedBacklog the largest acceptable number of dead keys
 * @param inflowKnown whether the estimate has measured how many keys die per second; if false, the advice considers
 *     only the current dead keys
 * @param inflowPerSecond the measured number of keys that die per second and that no client removes; null if it was not
 *     measured
 * @param settingsRefused whether at least one server does not report the settings of its own expiry, so that only its
 *     provider can change them; null in an estimate that an earlier version of the service has stored
 * @param expiryOff whether at least one server seems to have its expiry switched off, because it has removed no key
 *     although many are dead; null in an estimate that an earlier version of the service has stored
 * @param options all possible measures: first the measures that are good enough, the cheapest first; then the others,
 *     the one with the fewest dead keys first
 */
public record AdviceView(
        String action,
        String sentence,
        @Nullable String basis,
        long toleratedBacklog,
        boolean inflowKnown,
        @Nullable Double inflowPerSecond,
        @Nullable Boolean settingsRefused,
        @Nullable Boolean expiryOff,
        List<Option> options) {

    /**
     * Describes one measure against the dead keys.
     *
     * @param action the measure, one of the values of {@link AdviceView#action}
     * @param expectedBacklog highest expected number of dead keys; null if the number grows without end
     * @param serverSecondsPerDay time of the servers' main threads that this measure takes per day, in seconds
     * @param longestPauseMillis longest time for which the measure keeps a server's main thread busy without a break,
     *     in ms; null if it depends on settings that are unknown, or in an estimate of an earlier version
     * @param setting for {@code SETTING} the settings, such as {@code active-expire-effort 4}; otherwise null
     * @param intervalSeconds for {@code ASSIST} and {@code PASSES}, the time between two starts; otherwise null
     * @param enough whether the measure is good enough: the expected number never exceeds {@code toleratedBacklog}
     */
    public record Option(
            String action,
            @Nullable Long expectedBacklog,
            double serverSecondsPerDay,
            @Nullable Double longestPauseMillis,
            @Nullable String setting,
            @Nullable Long intervalSeconds,
            boolean enough) {}
}
