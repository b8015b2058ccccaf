package io.keysweep.cli.control;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Represents a request to a sweep, one line of JSON.
 *
 * @param verb {@code status}, {@code pause}, {@code resume}, {@code cancel} or {@code tune}
 * @param reason why the user makes the request, or null
 * @param profile for {@code tune}: {@code gentle}, {@code balanced} or {@code full}; null keeps the present one
 * @param stallBudgetMs for {@code tune}: new stall budget in milliseconds; null keeps the present one
 * @param share for {@code tune}: new share, 0 to 1; null keeps the present one
 * @param rateCeiling for {@code tune}: new rate ceiling in keys per second; null keeps the present one
 * @param withoutRateCeiling for {@code tune}: removes the rate ceiling
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
