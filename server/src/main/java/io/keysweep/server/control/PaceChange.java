package io.keysweep.server.control;

import io.keysweep.api.text.Amounts;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.request.DocumentReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the change of a scan's pace that a client requests.
 *
 * <p>The pace says how fast a scan may visit keys, and how much of a server's time it may take. A part that is null is
 * not changed, except that a profile also resets the stall budget and the share that were chosen before.
 *
 * @param profile named pair of stall budget and share: {@code gentle}, {@code balanced} or {@code full}
 * @param stallBudget maximum time for which a step (a call that visits keys) may keep the server busy; replaces the
 *     stall budget of {@code profile}
 * @param share maximum share of the time of the server's main thread, above 0 up to 1; replaces the share of {@code
 *     profile}
 * @param rateCeiling maximum number of keys visited per second
 * @param withoutRateCeiling whether the rate ceiling is removed; in JSON, {@code "rateCeiling": null} requests this
 */
public record PaceChange(
        @Nullable Profile profile,
        @Nullable Duration stallBudget,
        @Nullable Double share,
        @Nullable Long rateCeiling,
        boolean withoutRateCeiling) {

    /** Highest rate ceiling in keys per second that a client may choose, far more than any server can visit. */
    private static final long MAX_RATE_CEILING = 1_000_000_000_000L;

    /** Number of places by which the decimal point moves to the right to convert milliseconds to nanoseconds. */
    private static final int MILLIS_TO_NANOS = 6;

    /** Names of the JSON fields that {@link #of} reads. */
    public static final List<String> FIELDS = List.of("profile", "stallBudgetMs", "share", "rateCeiling");

    /** Returns a change of the share alone. */
    public static PaceChange ofShare(double share) {
        return new PaceChange(
                /* profile= */ null,
                /* stallBudget= */ null,
                share,
                /* rateCeiling= */ null,
                /* withoutRateCeiling= */ false);
    }

    /**
     * Reads the fields {@link #FIELDS} of a body. A field that is not valid is treated as left out, and the reader
     * records the problem: call {@link DocumentReader#requireValid} before the change is used.
     */
    public static PaceChange of(DocumentReader body) {
        return new PaceChange(
                body.text(
                                "profile",
                                "gentle, balanced or full",
                                text -> Profile.ofWireName(text).orElseThrow(() -> new IllegalArgumentException(text)))
                        .orElse(null),
                body.decimal("stallBudgetMs", "0.001", "1000", Phrase.of("milliseconds from 0.001 to 1000"))
                        .map(millis -> Duration.ofNanos(
                                millis.movePointRight(MILLIS_TO_NANOS).longValue()))
                        .orElse(null),
                body.decimal("share", "0.001", "1", Phrase.of("a number from 0.001 to 1"))
                        .map(BigDecimal::doubleValue)
                        .orElse(null),
                body.wholeNumber(
                                "rateCeiling", 1, MAX_RATE_CEILING, Phrase.of("a whole number of keys a second from 1"))
                        .orElse(null),
                body.isNull("rateCeiling"));
    }

    /**
     * Returns the changed parts for users: {@code profile full, no rate ceiling}. Returns an empty text if nothing
     * changes.
     */
    public String description() {
        List<String> parts = new ArrayList<>();
        if (profile != null) {
            parts.add("profile " + profile.wireName());
        }
        if (stallBudget != null) {
            parts.add("stall budget " + Amounts.millis(Amounts.milliseconds(stallBudget)));
        }
        if (share != null) {
            parts.add("share " + share);
        }
        if (rateCeiling != null) {
            parts.add("at most " + Amounts.count(rateCeiling) + " keys/s");
        }
        if (withoutRateCeiling) {
            parts.add("no rate ceiling");
        }
        return String.join(", ", parts);
    }

    /** Returns whether nothing changes. */
    public boolean changesNothing() {
        return profile == null && stallBudget == null && share == null && rateCeiling == null && !withoutRateCeiling;
    }
}
