package io.keysweep.server.iam;

import static io.keysweep.server.iam.RefusalReason.DATE_NOT_SIGNED;
import static io.keysweep.server.iam.RefusalReason.DATE_OUTSIDE_WINDOW;
import static io.keysweep.server.iam.RefusalReason.MALFORMED_DATE;

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
 * The time at which a request was signed, from its X-Sdk-Date header.
 *
 * @param text as sent, for example {@code 20261124T022953Z}
 */
record SdkDate(String text, Instant instant) {

    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final Pattern FORM = Pattern.compile("[0-9]{8}T[0-9]{6}Z");
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    static SdkDate parse(@Nullable String text) throws SignatureRefusedException {
        if (text == null) {
            throw new SignatureRefusedException(DATE_NOT_SIGNED, "SignedHeaders must name x-sdk-date.");
        }
        try {
            if (FORM.matcher(text).matches()) {
                return new SdkDate(text, LocalDateTime.parse(text, FORMAT).toInstant(ZoneOffset.UTC));
            }
        } catch (DateTimeParseException noSuchDay) {
            // Refused below, together with all other texts that are no date.
        }
        throw new SignatureRefusedException(MALFORMED_DATE, "X-Sdk-Date must be a UTC time such as 20261124T022953Z.");
    }

    /** The eight digits of the day. */
    String day() {
        return text.substring(0, 8);
    }

    void checkWithinWindow(Instant now) throws SignatureRefusedException {
        if (Duration.between(instant, now).abs().compareTo(WINDOW) > 0) {
            throw new SignatureRefusedException(
                    DATE_OUTSIDE_WINDOW,
                    "X-Sdk-Date is " + instant + ", the server's time is " + now.truncatedTo(ChronoUnit.SECONDS)
                            + "; they may differ by " + WINDOW.toMinutes()
                            + " minutes either way. Set the client's clock.");
        }
    }
}
