package io.keysweep.server.console.page;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads moments as people write them and as pages show them, such as {@code 2026-12-24}, {@code 2026-12-24 02:00 UTC}
 * or {@code 2026-12-24 02:00:00 GMT+8}. A moment without a zone is in UTC. All databases can compare the years 1000 to
 * 2999, so no other year is read.
 */
public final class MomentText {

    private static final Pattern MOMENT = Pattern.compile("(?<date>[12][0-9]{3}-[0-9]{2}-[0-9]{2})"
            + "(?:[ T](?<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?))?"
            // An offset follows UTC, GMT or the time, so that 2026-12-24-05 is no moment.
            + "(?: ?UTC| ?GMT|Z)?(?:(?<=[CT]|:[0-9]{2})(?<sign>[+-])(?<hours>[0-9]{1,2})(?::?(?<minutes>[0-9]{2}))?)?");

    private MomentText() {}

    /** Reads the moment at which a period begins: for a date, 00:00. Returns empty if the text is no moment. */
    public static Optional<Instant> beginning(String text) {
        return read(text, /* days= */ 0);
    }

    /** Reads the moment at which a period ends: for a date, 24:00. Returns empty if the text is no moment. */
    public static Optional<Instant> end(String text) {
        return read(text, /* days= */ 1);
    }

    /**
     * Reads a moment.
     *
     * @param days number of days that are added to a date without a time of the day
     */
    private static Optional<Instant> read(String text, int days) {
        Matcher moment = MOMENT.matcher(text.strip());
        if (!moment.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate date = LocalDate.parse(moment.group("date"));
            LocalDateTime local = moment.group("time") == null
                    ? date.plusDays(days).atStartOfDay()
                    : date.atTime(LocalTime.parse(moment.group("time")));
            return Optional.of(local.toInstant(offset(moment)));
        } catch (DateTimeException e) {
            // The text is no moment, for example the 31st of February.
            return Optional.empty();
        }
    }

    /** Returns the offset that a text names, or UTC if it names none. */
    private static ZoneOffset offset(Matcher moment) {
        if (moment.group("sign") == null) {
            return ZoneOffset.UTC;
        }
        int sign = moment.group("sign").equals("-") ? -1 : 1;
        int minutes = moment.group("minutes") == null ? 0 : Integer.parseInt(moment.group("minutes"));
        return ZoneOffset.ofHoursMinutes(sign * Integer.parseInt(moment.group("hours")), sign * minutes);
    }
}
