package io.keysweep.server.iam.signature;

import static io.keysweep.server.iam.signature.SignatureRefusalReason.DATE_NOT_SIGNED;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.DATE_OUTSIDE_WINDOW;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.MALFORMED_DATE;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the X-Sdk-Date header when a client signed a request, so that {@link SignatureVerifier} can refuse old
 * signatures.
 *
 * @param text the header as the client sent it, for example {@code 20261124T022953Z}
 * @param instant the time of the header
 */
record SdkDate(String text, Instant instant) {

    /** The maximum difference between the client's clock and the server's clock, in both directions. */
    private static final Duration MAX_DIFFERENCE = Duration.ofMinutes(15);

    private static final Pattern FORM = Pattern.compile("[0-9]{8}T[0-9]{6}Z");
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    /**
     * Parses the header.
     *
     * @param text value of the header; null if the signature does not cover the header
     * @throws SignatureRefusedException if {@code text} is null or is not a UTC time of this form
     */
    static SdkDate parse(@Nullable String text) throws SignatureRefusedException {
        if (text == null) {
            throw new SignatureRefusedException(DATE_NOT_SIGNED, "SignedHeaders must name x-sdk-date.");
        }
        try {
            if (FORM.matcher(text).matches()) {
                return new SdkDate(text, LocalDateTime.parse(text, FORMAT).toInstant(ZoneOffset.UTC));
            }
        } catch (DateTimeParseException noSuchTime) {
            // The throw statement below refuses all malformed dates.
        }
        throw new SignatureRefusedException(MALFORMED_DATE, "X-Sdk-Date must be a UTC time such as 20261124T022953Z.");
    }

    /** Returns the day as {@code yyyyMMdd}, the form of the day in the scope of a credential. */
    String day() {
        return text.substring(0, 8);
    }

    /**
     * Refuses a date that differs from {@code now} by more than 15 minutes, so that nobody can use a stolen signature
     * for long.
     *
     * @throws SignatureRefusedException if the date differs by more; the message shows both times
     */
    void checkWithinWindow(Instant now) throws SignatureRefusedException {
        if (Duration.between(instant, now).abs().compareTo(MAX_DIFFERENCE) > 0) {
            throw new SignatureRefusedException(
                    DATE_OUTSIDE_WINDOW,
                    "X-Sdk-Date is " + instant + ", the server's time is " + now.truncatedTo(ChronoUnit.SECONDS)
                            + "; they may differ by " + MAX_DIFFERENCE.toMinutes()
                            + " minutes either way. Set the client's clock.");
        }
    }
}
