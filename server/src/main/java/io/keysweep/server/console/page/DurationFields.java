package io.keysweep.server.console.page;

import io.keysweep.api.text.DurationText;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts durations between forms, where people write {@code 2 h}, and the API, where they are numbers of seconds or
 * minutes.
 *
 * <p>The names of such fields end with their unit, for example {@code heldMinutes}. Refusals by the API
 * contain numbers of that unit; this class rewrites them as durations, as the forms show them.
 */
public final class DurationFields {

    /** The largest number that is converted, in either direction: more than 30 years even in seconds. */
    private static final long MAX_NUMBER = 999_999_999;

    /** A number up to {@link #MAX_NUMBER}, as refusals quote it. Any other quoted text is not changed. */
    private static final String QUOTED_NUMBER = "'[0-9]{1,9}'";

    private DurationFields() {}

    /**
     * Returns the number of the API for a duration in a form, as text. For a text that cannot be converted, returns a
     * text that the API refuses, because it is not a number or too large.
     *
     * @param name name of the field in the API, which ends with its unit
     */
    public static String number(String name, String text) {
        ChronoUnit unit = unit(name);
        Duration duration = DurationText.parse(text).orElse(null);
        if (unit == null || duration == null) {
            return text.strip();
        }
        long number = duration.dividedBy(unit.getDuration());
        boolean isWhole = unit.getDuration().multipliedBy(number).equals(duration);
        return isWhole && number <= MAX_NUMBER ? Long.toString(number) : DurationText.of(duration);
    }

    /** Puts the number of a duration into a document of the API; leaves the field out if the text is empty. */
    public static void put(ObjectNode document, String name, String text) {
        document.setAll(FormFields.numbers(Map.of(name, number(name, text)), List.of(name)));
    }

    /** Returns a problem of the API with durations instead of numbers; the same problem if its field has no unit. */
    static FieldProblem inForms(FieldProblem problem) {
        ChronoUnit unit = unit(problem.field());
        List<Object> arguments = problem.phrase().arguments();
        // A problem about a value has two arguments: the quoted value and its rule, see FieldProblem.of.
        if (unit == null || arguments.size() != 2 || !(arguments.get(1) instanceof Phrase rule)) {
            return problem;
        }
        String name = problem.field()
                .substring(0, problem.field().length() - unit.toString().length());
        return new FieldProblem(
                name,
                Phrase.of(
                        problem.phrase().pattern(), quotedDuration(arguments.get(0), unit), durationRule(rule, unit)));
    }

    /**
     * Returns a refusal of a schedule with durations instead of seconds; the same refusal if it is about no duration.
     */
    static Phrase inForms(Phrase refusal) {
        List<Object> arguments = refusal.arguments();
        // AutoScanRules refuses a duration with three arguments: the field, its seconds, and the rule.
        if (arguments.size() == 3
                && arguments.get(2) instanceof Phrase rule
                && rule.pattern().equals("at least {0} seconds")) {
            long seconds = Long.parseLong(String.valueOf(arguments.get(1)));
            return Phrase.of(
                    refusal.pattern(),
                    arguments.get(0),
                    DurationText.of(Duration.ofSeconds(seconds)),
                    Phrase.of("at least {0}", format(rule.arguments().getFirst(), ChronoUnit.SECONDS)));
        }
        return refusal;
    }

    /** Returns the rule for a number, such as a whole number from 1 to 60, as the rule for a duration. */
    private static Phrase durationRule(Phrase rule, ChronoUnit unit) {
        if (rule.pattern().equals("at least a {0}th of forecastMinutes, {1}")) {
            return Phrase.of(
                    "at least {0}, because a forecast has at most {1} steps",
                    format(rule.arguments().getLast(), unit), rule.arguments().getFirst());
        }
        // The API has no duration that may be negative. A rule with one number begins at 1.
        Object least = rule.arguments().size() == 1 ? 1 : rule.arguments().getFirst();
        String most = format(rule.arguments().getLast(), unit);
        if (unit == ChronoUnit.SECONDS) {
            return Phrase.of("a duration from {0} to {1}, such as 90 min, 12 h or 1 d", format(least, unit), most);
        }
        return least.toString().equals("0")
                ? Phrase.of("a duration in whole minutes of at most {0}, such as 30 min or 2 h", most)
                : Phrase.of(
                        "a duration in whole minutes from {0} to {1}, such as 30 min or 2 h",
                        format(least, unit), most);
    }

    /**
     * Returns a quoted number as a quoted duration, such as {@code '1 h'} for {@code '60'} minutes. Any other value is
     * returned unchanged.
     */
    private static Object quotedDuration(Object quoted, ChronoUnit unit) {
        String text = quoted.toString();
        return text.matches(QUOTED_NUMBER) ? "'" + format(text.substring(1, text.length() - 1), unit) + "'" : quoted;
    }

    private static String format(Object number, ChronoUnit unit) {
        return DurationText.of(unit.getDuration().multipliedBy(Long.parseLong(number.toString())));
    }

    /**
     * Returns the unit with which the name of a field ends; null if it ends with none, so that it contains no duration.
     */
    private static @Nullable ChronoUnit unit(String name) {
        if (name.endsWith("Minutes")) {
            return ChronoUnit.MINUTES;
        }
        return name.endsWith("Seconds") ? ChronoUnit.SECONDS : null;
    }
}
