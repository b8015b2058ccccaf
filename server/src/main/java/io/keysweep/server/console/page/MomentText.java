package io.keysweep.server.console.page;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads moments in UTC as people write them, such as {@code 2026-12-24} or {@code 2026-12-24 02:00 UTC}. All databases
 * can compare the years 1000 to 2999, so no other year is read.
 */
public final class MomentText {

    private static final Pattern DATE = Pattern.compile("[12][0-9]{3}-[0-9]{2}-[0-9]{2}");
    private static final Pattern MOMENT =
            Pattern.compile("[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?");

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
        String moment = text.strip().replaceFirst(" UTC$", "").replace(' ', 'T');
        try {
            if (DATE.matcher(moment).matches()) {
                return Optional.of(LocalDate.parse(moment)
                        .plusDays(days)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant());
            }
            return MOMENT.matcher(moment).matches()
                    ? Optional.of(LocalDateTime.parse(moment).toInstant(ZoneOffset.UTC))
                    : Optional.empty();
        } catch (DateTimeException e) {
            // The text is no moment, for example the 31st of February.
            return Optional.empty();
        }
    }
}
