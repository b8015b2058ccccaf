package io.keysweep.server.window;

import io.keysweep.api.WindowsDocument;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.window.WindowPolicy.AppliesTo;
import io.keysweep.server.window.WindowPolicy.Outside;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Converts windows between the JSON documents of the native API and {@link WindowPolicy}.
 *
 * <p>A window is a time of the week when sweeps may run. A blackout is a range of days when no sweep may run. The
 * spread is the period over which the starts of different instances are distributed. {@link WindowsDocument} describes
 * the fields.
 */
final class WindowDocuments {

    private static final Set<String> FIELDS =
            Set.of("timeZone", "windows", "blackouts", "outside", "appliesTo", "spreadMinutes");

    /** Maximum number of windows, because each poll of the sweeps tests all of them. */
    private static final int MAX_WINDOWS = 100;

    /**
     * Maximum number of blackouts, because the search for the next opening starts again at the beginning and at the end
     * of each blackout.
     */
    private static final int MAX_BLACKOUTS = 200;

    /** Maximum spread: one day. */
    private static final int MAX_SPREAD_MINUTES = 1440;

    /** Length of a date such as {@code 2026-12-24}. */
    private static final int DATE_LENGTH = 10;

    /**
     * Format of a time of the day, such as {@code 22:00}. The format is strict, because Java otherwise reads 24:00 as
     * 00:00.
     */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private WindowDocuments() {}

    /**
     * Reads and checks the document of a request. A field that is left out gets its default: UTC, no windows, no
     * blackouts, {@code outside} = hold, {@code appliesTo} = automatic, and no spread.
     *
     * @param document JSON of the request, or null if the request has no body
     * @throws RequestRefusedException if the document breaks any rule; the exception names every broken rule
     */
    static WindowPolicy read(@Nullable JsonNode document) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        ZoneId zone = reader.text("timeZone", "an IANA time zone such as Europe/Berlin or UTC", ZoneId::of)
                .orElse(ZoneOffset.UTC);
        List<Window> windows = reader.objects("windows", MAX_WINDOWS, Set.of("days", "from", "until")).stream()
                .flatMap(window -> window(window).stream())
                .toList();
        List<Blackout> blackouts = reader.objects("blackouts", MAX_BLACKOUTS, Set.of("first", "last")).stream()
                .flatMap(blackout -> blackout(blackout).stream())
                .toList();
        Outside outside = reader.constant("outside", Outside.class).orElse(Outside.HOLD);
        AppliesTo appliesTo = reader.constant("appliesTo", AppliesTo.class).orElse(AppliesTo.AUTOMATIC);
        int spread = reader.integer("spreadMinutes", 0, MAX_SPREAD_MINUTES).orElse(0);
        return reader.requireValid(() -> new WindowPolicy(
                new WeeklyWindows(zone, windows, blackouts), outside, appliesTo, Duration.ofMinutes(spread)));
    }

    /** Returns the window, or empty if one of its fields is missing or invalid; the reader then records the problem. */
    private static Optional<Window> window(DocumentReader reader) {
        List<DayOfWeek> days = reader.constants("days", DayOfWeek.class);
        // constants() accepts a missing or empty list, but a window without days would never open.
        if (reader.value("days").filter(value -> !value.isEmpty()).isEmpty()) {
            reader.addProblem("days", /* value= */ null, Phrase.of("at least one of monday to sunday"));
        }
        Optional<LocalTime> from = reader.requiredText(
                "from", "a time of the day from 00:00 to 23:59", text -> LocalTime.parse(text, TIME));
        Optional<LocalTime> until =
                reader.requiredText("until", "a time of the day from 00:00 to 24:00", WindowDocuments::closingTime);
        return days.isEmpty() || from.isEmpty() || until.isEmpty()
                ? Optional.empty()
                : Optional.of(new Window(EnumSet.copyOf(days), from.get(), until.get()));
    }

    /**
     * Parses the time at which a window closes. {@code 24:00} becomes {@code 00:00}, because {@link LocalTime} has no
     * 24:00. A window that closes at 00:00 closes at the midnight after its beginning, see {@link Window}. Throws a
     * {@link RuntimeException}, which the reader reports, if the text is not a time.
     */
    private static LocalTime closingTime(String text) {
        return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text, TIME);
    }

    /**
     * Returns the blackout, or empty if one of its dates is missing or invalid; the reader then records the problem.
     */
    private static Optional<Blackout> blackout(DocumentReader reader) {
        String rule = "a date such as 2026-12-24";
        Optional<LocalDate> firstDay = reader.requiredText("first", rule, WindowDocuments::date);
        // Without a last day, the blackout lasts one day.
        Optional<LocalDate> lastDay =
                reader.text("last", rule, WindowDocuments::date).or(() -> firstDay);
        if (firstDay.isEmpty() || lastDay.isEmpty()) {
            return Optional.empty();
        }
        if (lastDay.get().isBefore(firstDay.get())) {
            reader.addProblem(
                    "last", lastDay.get().toString(), Phrase.of("not before first, which is {0}", firstDay.get()));
            return Optional.empty();
        }
        return Optional.of(new Blackout(firstDay.get(), lastDay.get()));
    }

    /** Parses a date; throws a {@link RuntimeException}, which the reader reports, if the text is not a date. */
    private static LocalDate date(String text) {
        // Only dates such as 2026-12-24 are accepted. LocalDate.parse alone would also accept longer and negative
        // years, such as +12026-12-24.
        if (text.length() != DATE_LENGTH) {
            throw new IllegalArgumentException(text);
        }
        return LocalDate.parse(text);
    }

    /**
     * Converts a policy to the document of a response, with every default filled in and the days of a window in the
     * order of the week. Windows and blackouts keep their order.
     */
    static WindowsDocument write(WindowPolicy policy) {
        return new WindowsDocument(
                zoneName(policy.windows().zone()),
                policy.windows().windows().stream()
                        .map(window -> new WindowsDocument.Window(
                                window.days().stream()
                                        .sorted()
                                        .map(WindowDocuments::wireName)
                                        .toList(),
                                TIME.format(window.from()),
                                TIME.format(window.until())))
                        .toList(),
                policy.windows().blackouts().stream()
                        .map(blackout -> new WindowsDocument.Blackout(
                                blackout.first().toString(), blackout.last().toString()))
                        .toList(),
                wireName(policy.outside()),
                wireName(policy.appliesTo()),
                Math.toIntExact(policy.spread().toMinutes()));
    }

    /**
     * Returns the name of a time zone for messages and documents, such as {@code Europe/Berlin}. UTC is {@code UTC};
     * Java alone would return {@code Z}.
     */
    static String zoneName(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
