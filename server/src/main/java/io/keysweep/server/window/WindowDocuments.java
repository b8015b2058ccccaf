package io.keysweep.server.window;

import io.keysweep.api.WindowsDocument;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.policy.DocumentReader;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Windows as a document of JSON and back; the rules are those of {@link WindowsDocument}. */
final class WindowDocuments {

    private static final Set<String> FIELDS =
            Set.of("timeZone", "windows", "blackouts", "outside", "appliesTo", "spreadMinutes");
    private static final int MOST_WINDOWS = 100;
    private static final int MOST_BLACKOUTS = 200;
    private static final int MOST_SPREAD = 1440;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private WindowDocuments() {}

    /**
     * Reads a document.
     *
     * @throws RequestRefusedException for the first rule that is broken
     */
    static WindowPolicy read(@Nullable JsonNode document) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        ZoneId zone = reader.text("timeZone", "an IANA time zone such as Europe/Berlin or UTC", ZoneId::of)
                .orElse(ZoneOffset.UTC);
        List<Window> windows = reader.objects("windows", MOST_WINDOWS, Set.of("days", "from", "until")).stream()
                .map(WindowDocuments::window)
                .toList();
        List<Blackout> blackouts = reader.objects("blackouts", MOST_BLACKOUTS, Set.of("first", "last")).stream()
                .map(WindowDocuments::blackout)
                .toList();
        return new WindowPolicy(
                new WeeklyWindows(zone, windows, blackouts),
                reader.constant("outside", Outside.class).orElse(Outside.HOLD),
                reader.constant("appliesTo", AppliesTo.class).orElse(AppliesTo.AUTOMATIC),
                Duration.ofMinutes(
                        reader.integer("spreadMinutes", 0, MOST_SPREAD).orElse(0)));
    }

    private static Window window(DocumentReader reader) {
        List<DayOfWeek> days = reader.constants("days", DayOfWeek.class);
        if (days.isEmpty()) {
            throw reader.refused("days", null, "at least one of monday to sunday");
        }
        String from = "a time of the day from 00:00 to 23:59";
        String until = "a time of the day from 00:00 to 24:00";
        return new Window(
                EnumSet.copyOf(days),
                reader.text("from", from, text -> LocalTime.parse(text, TIME))
                        .orElseThrow(() -> reader.refused("from", null, from)),
                reader.text("until", until, WindowDocuments::end)
                        .orElseThrow(() -> reader.refused("until", null, until)));
    }

    /** The end of a day is the beginning of the next one. */
    private static LocalTime end(String text) {
        return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text, TIME);
    }

    private static Blackout blackout(DocumentReader reader) {
        String rule = "a date such as 2026-12-24";
        LocalDate first = reader.text("first", rule, WindowDocuments::date)
                .orElseThrow(() -> reader.refused("first", null, rule));
        LocalDate last = reader.text("last", rule, WindowDocuments::date).orElse(first);
        if (last.isBefore(first)) {
            throw reader.refused("last", last.toString(), "not before first, which is " + first);
        }
        return new Blackout(first, last);
    }

    private static LocalDate date(String text) {
        if (text.length() != 10) {
            throw new IllegalArgumentException(text);
        }
        return LocalDate.parse(text);
    }

    /** The document of a policy, with everything said. */
    static WindowsDocument write(WindowPolicy policy) {
        return new WindowsDocument(
                name(policy.windows().zone()),
                policy.windows().windows().stream()
                        .map(window -> new WindowsDocument.Window(
                                window.days().stream()
                                        .sorted()
                                        .map(WindowDocuments::lower)
                                        .toList(),
                                TIME.format(window.from()),
                                TIME.format(window.until())))
                        .toList(),
                policy.windows().blackouts().stream()
                        .map(blackout -> new WindowsDocument.Blackout(
                                blackout.first().toString(), blackout.last().toString()))
                        .toList(),
                lower(policy.outside()),
                lower(policy.appliesTo()),
                Math.toIntExact(policy.spread().toMinutes()));
    }

    /** The zone's name for people and documents. */
    static String name(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
