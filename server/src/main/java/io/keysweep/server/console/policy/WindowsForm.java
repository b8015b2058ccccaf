package io.keysweep.server.console.policy;

import io.keysweep.api.WindowsDocument;
import io.keysweep.api.text.DurationText;
import io.keysweep.server.console.page.DurationFields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Contains the form of windows: a week table with a row for each window, and a row for each blackout.
 *
 * <p>A window is a time of the week when sweeps may run, and a blackout is a range of days when no sweep may run.
 *
 * @param timeZone time zone of the windows
 * @param windows rows of the week table, with empty ones at the end
 * @param blackouts rows of the blackouts, with empty ones at the end
 * @param outside what happens to a sweep outside of the windows: {@code hold} (it waits) or {@code end}
 * @param appliesTo which scans the windows apply to: {@code automatic} or {@code all}
 * @param spread period over which starts are spread, such as {@code 1 h 30 min}; empty for none
 */
record WindowsForm(
        String timeZone, List<Week> windows, List<Days> blackouts, String outside, String appliesTo, String spread) {

    /** Days of the week in the words of the API, in the order of the columns. */
    static final List<String> DAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

    private static final int EMPTY_ROWS = 2;

    /** Number of rows that are read from a form. The API allows fewer, so it refuses a form with too many. */
    private static final int MAX_ROWS = 210;

    /**
     * Describes a row of the week table.
     *
     * @param days chosen days in the words of the API
     * @param from time at which the window opens
     * @param until time at which the window closes
     */
    record Week(List<String> days, String from, String until) {

        boolean isEmpty() {
            return days.isEmpty() && from.isEmpty() && until.isEmpty();
        }
    }

    /**
     * Describes a row of the blackouts.
     *
     * @param first the first day
     * @param last the last day
     */
    record Days(String first, String last) {

        boolean isEmpty() {
            return first.isEmpty() && last.isEmpty();
        }
    }

    /** Returns the form of a document, with two empty rows in each table. */
    static WindowsForm of(WindowsDocument document) {
        List<Week> weeks = new ArrayList<>();
        for (WindowsDocument.Window window :
                Objects.requireNonNullElse(document.windows(), List.<WindowsDocument.Window>of())) {
            weeks.add(new Week(window.days(), window.from(), window.until()));
        }
        List<Days> blackouts = new ArrayList<>();
        for (WindowsDocument.Blackout blackout :
                Objects.requireNonNullElse(document.blackouts(), List.<WindowsDocument.Blackout>of())) {
            blackouts.add(new Days(blackout.first(), Objects.requireNonNullElse(blackout.last(), "")));
        }
        Integer spread = document.spreadMinutes();
        return new WindowsForm(
                        Objects.requireNonNullElse(document.timeZone(), "UTC"),
                        weeks,
                        blackouts,
                        Objects.requireNonNullElse(document.outside(), "hold"),
                        Objects.requireNonNullElse(document.appliesTo(), "automatic"),
                        spread == null || spread == 0 ? "" : DurationText.of(Duration.ofMinutes(spread)))
                .withEmptyRows();
    }

    /** Reads a submitted form. Leaves out empty rows, so that the remaining rows are numbered as in the document. */
    static WindowsForm of(MultiValueMap<String, String> form) {
        List<Week> weeks = new ArrayList<>();
        List<Days> blackouts = new ArrayList<>();
        for (int row = 0; row < MAX_ROWS; row++) {
            Week week = new Week(
                    List.copyOf(form.getOrDefault("days-" + row, List.of())),
                    time(form, "from-" + row),
                    time(form, "until-" + row));
            if (!week.isEmpty()) {
                weeks.add(week);
            }
            Days days = new Days(text(form, "first-" + row), text(form, "last-" + row));
            if (!days.isEmpty()) {
                blackouts.add(days);
            }
        }
        return new WindowsForm(
                text(form, "timeZone"),
                weeks,
                blackouts,
                text(form, "outside"),
                text(form, "appliesTo"),
                text(form, "spreadMinutes"));
    }

    /** Reads a time of the day as people write it; {@code 9:00} becomes {@code 09:00}, as the API reads it. */
    private static String time(MultiValueMap<String, String> form, String name) {
        String text = text(form, name).replace('：', ':');
        return text.matches("[0-9]:[0-9]{2}") ? "0" + text : text;
    }

    private static String text(MultiValueMap<String, String> form, String name) {
        return Objects.requireNonNullElse(form.getFirst(name), "").strip();
    }

    /** Returns this form with two empty rows in each table. */
    WindowsForm withEmptyRows() {
        List<Week> weeks = new ArrayList<>(windows);
        List<Days> days = new ArrayList<>(blackouts);
        for (int i = 0; i < EMPTY_ROWS; i++) {
            weeks.add(new Week(List.of(), "", ""));
            days.add(new Days("", ""));
        }
        return new WindowsForm(timeZone, weeks, days, outside, appliesTo, spread);
    }

    /**
     * Returns the document of the API. A duration that cannot be read is sent as a text, so that the API refuses it
     * with its own message.
     */
    ObjectNode document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        if (!timeZone.isEmpty()) {
            document.put("timeZone", timeZone);
        }
        ArrayNode weeks = document.putArray("windows");
        for (Week week : windows) {
            ObjectNode window = weeks.addObject();
            ArrayNode days = window.putArray("days");
            week.days().forEach(days::add);
            window.put("from", week.from());
            window.put("until", week.until());
        }
        ArrayNode ranges = document.putArray("blackouts");
        for (Days days : blackouts) {
            ObjectNode blackout = ranges.addObject();
            blackout.put("first", days.first());
            if (!days.last().isEmpty()) {
                blackout.put("last", days.last());
            }
        }
        if (!outside.isEmpty()) {
            document.put("outside", outside);
        }
        if (!appliesTo.isEmpty()) {
            document.put("appliesTo", appliesTo);
        }
        DurationFields.put(document, "spreadMinutes", spread);
        return document;
    }
}
