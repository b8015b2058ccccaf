package io.keysweep.cli.control;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a sweep, as one line of JSON.
 *
 * @param verb {@code status}, {@code pause}, {@code resume}, {@code cancel} or {@code tune}
 * @param reason why, or null
 * @param profile for {@code tune}: {@code gentle}, {@code balanced} or {@code full}, or null
 * @param stallBudgetMs for {@code tune}, milliseconds, or null
 * @param share for {@code tune}, or null
 * @param rateCeiling for {@code tune}, keys a second, or null
 * @param withoutRateCeiling for {@code tune}: takes the ceiling away
 */
record SweepRequestLine(
        String verb,
        @Nullable String reason,
        @Nullable String profile,
        @Nullable BigDecimal stallBudgetMs,
        @Nullable Double share,
        @Nullable Long rateCeiling,
        boolean withoutRateCeiling) {

    static SweepRequestLine of(String verb, @Nullable String reason) {
        return new SweepRequestLine(verb, reason, null, null, null, null, false);
    }
}
