package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the date-times of schedules: every form of RFC 3339, and shorter forms without an offset or seconds.
 *
 * <p>A date-time without an offset is UTC; without seconds, it is the beginning of the minute. RFC 3339 allows {@code
 * t} and {@code z} in lower case, a space for the {@code T}, fractions of a second (here with at most 100 digits), and
 * leap seconds. A time with a different offset than UTC is converted to UTC.
 */
final class IsoDateTime {

    private static final Pattern FORM = Pattern.compile("(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
            + "(?<minute>[0-9]{2}:[0-9]{2})(:(?<second>[0-9]{2})(\\.(?<fraction>[0-9]{1,100}))?)?"
            + "([Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))?");

    private static final String LEAP_SECOND = "60";

    /** The first and the last millisecond that RFC 3339 can write in UTC, because its years have four digits. */
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private IsoDateTime() {}

    /**
     * Returns the instant that a text stands for. Digits below a millisecond are cut off. Java has no leap seconds, so
     * {@code 23:59:60} becomes the second after it, {@code 00:00:00} of the next day.
     *
     * @throws DateTimeParseException if the text has another form, if it stands for no time (such as February 30, or a
     *     leap second that does not end a day in UTC), or if the time is before year 0 or after year 9999 in UTC
     */
    static Instant parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new DateTimeParseException("not of the form of RFC 3339", text, 0);
        }

        // A leap second is read as the second before it; the sum below adds the second.
        String writtenSecond = form.group("second");
        boolean isLeapSecond = LEAP_SECOND.equals(writtenSecond);
        String second = writtenSecond == null ? "00" : writtenSecond;
        Instant instant = LocalDateTime.parse(
                        form.group("date") + "T" + form.group("minute") + ":" + (isLeapSecond ? "59" : second))
                .toInstant(ZoneOffset.UTC)
                .plusMillis(isLeapSecond ? 1000 : parseMillis(form.group("fraction")))
                .minus(parseOffset(form));

        if (isLeapSecond && instant.getEpochSecond() % Duration.ofDays(1).toSeconds() != 0) {
            throw new DateTimeParseException("a leap second is the last second of a day in UTC", text, 0);
        }
        // Clients could not read such a time in a response, nor send it back.
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new DateTimeParseException("outside of the years 0000 to 9999 in UTC", text, 0);
        }
        return instant;
    }

    private static Duration parseOffset(Matcher form) {
        if (form.group("sign") == null) {
            return Duration.ZERO;
        }
        Duration offset = Duration.ofHours(Integer.parseInt(form.group("hours")))
                .plusMinutes(Integer.parseInt(form.group("minutes")));
        return form.group("sign").equals("-") ? offset.negated() : offset;
    }

    private static int parseMillis(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00").substring(0, 3));
    }
}
