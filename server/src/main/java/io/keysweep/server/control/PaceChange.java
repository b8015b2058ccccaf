package io.keysweep.server.control;

import io.keysweep.server.request.DocumentReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a pace; null leaves a part as it is.
 *
 * @param profile a profile, which takes away what was chosen of its parts before
 * @param stallBudget longest time a step may take
 * @param share largest share of the server's time
 * @param rateCeiling most keys visited a second
 * @param withoutRateCeiling takes the ceiling away
 */
public record PaceChange(
        @Nullable Profile profile,
        @Nullable Duration stallBudget,
        @Nullable Double share,
        @Nullable Long rateCeiling,
        boolean withoutRateCeiling) {

    /** The fields that {@link #of} reads. */
    public static final List<String> FIELDS = List.of("profile", "stallBudgetMs", "share", "rateCeiling");

    /**
     * Reads the fields of a body; numbers go before the profile's. What breaks its rule is noted there.
     */
    public static PaceChange of(DocumentReader body) {
        return new PaceChange(
                body.text(
                                "profile",
                                "gentle, balanced or full",
                                text -> Profile.ofWireName(text).orElseThrow(() -> new IllegalArgumentException(text)))
                        .orElse(null),
                body.decimal("stallBudgetMs", "0.001", "1000", "milliseconds from 0.001 to 1000")
                        .map(millis -> Duration.ofNanos(millis.movePointRight(6).longValue()))
                        .orElse(null),
                body.decimal("share", "0.001", "1", "a number from 0.001 to 1")
                        .map(BigDecimal::doubleValue)
                        .orElse(null),
                body.wholeNumber("rateCeiling", 1, 1_000_000_000_000L, "a whole number of keys a second from 1")
                        .orElse(null),
                body.isNull("rateCeiling"));
    }

    /** Whether it changes nothing. */
    public boolean empty() {
        return profile == null && stallBudget == null && share == null && rateCeiling == null && !withoutRateCeiling;
    }
}
