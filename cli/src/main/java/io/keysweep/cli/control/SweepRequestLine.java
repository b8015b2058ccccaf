package io.keysweep.cli.control;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Represents a request of {@code keysweep sweeps} to a running sweep, sent as one line of JSON.
 *
 * @param verb {@code status} (changes nothing), {@code pause}, {@code resume}, {@code cancel} or {@code tune} (changes
 *     the pace); null in a faulty request, which is refused
 * @param reason why the user makes the request, or null
 * @param profile for {@code tune}: {@code gentle}, {@code balanced} or {@code full}; null keeps the current one
 * @param stallBudgetMs for {@code tune}: longest time that a step may take, in milliseconds; null keeps the current
 *     value
 * @param share for {@code tune}: largest part of the server's main-thread time, 0 to 1; null keeps the current value
 * @param rateCeiling for {@code tune}: maximum number of visited keys per second; null keeps the current value, see
 *     {@code withoutRateCeiling}
 * @param withoutRateCeiling for {@code tune}: whether to remove the rate ceiling; true only if {@code rateCeiling} is
 *     null
 */
record SweepRequestLine(
        @Nullable String verb,
        @Nullable String reason,
        @Nullable String profile,
        @Nullable BigDecimal stallBudgetMs,
        @Nullable Double share,
        @Nullable Long rateCeiling,
        boolean withoutRateCeiling) {

    /** Creates a request other than {@code tune}. */
    static SweepRequestLine of(String verb, @Nullable String reason) {
        return new SweepRequestLine(
                verb,
                reason,
                /* profile= */ null,
                /* stallBudgetMs= */ null,
                /* share= */ null,
                /* rateCeiling= */ null,
                /* withoutRateCeiling= */ false);
    }
}
