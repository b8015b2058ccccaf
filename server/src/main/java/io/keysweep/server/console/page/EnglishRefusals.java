package io.keysweep.server.console.page;

import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rewrites English refusals for the users of forms, who see the labels of fields and not their names in the APIs.
 *
 * <p>The file {@code refusals_en.json} says which label of the message catalogue a field has. It also says how to
 * reword texts that contain names of the APIs. Any other text is the same as in the APIs. Thread-safe.
 */
final class EnglishRefusals {

    static final Wording WORDING = loadWording();

    /** The English message catalogue, {@code messages.properties}. */
    private static final ResourceBundle MESSAGES = ResourceBundle.getBundle("messages", Locale.ROOT);

    /** The texts of refused schedules, whose first argument is the name of a field. */
    private static final Set<String> BEGIN_WITH_FIELD =
            Set.of("{0} is '{1}', must be {2}.", "{0} is missing, required when enable_auto_scan is true.");

    /**
     * The texts whose first argument is the name of a field in the middle of a sentence, such as {@code maxShare of the
     * project}.
     */
    static final Set<String> CONTAIN_FIELD = Set.of("{0} of {1}", "given together with {0}");

    /** The path of a tag, such as {@code tags.env} or {@code statements[0].tags.env}. */
    static final Pattern TAG = Pattern.compile("(?:.*\\.)?tags\\.(.+)");

    /** A unit at the end of a label, such as {@code (keys/s)}. */
    private static final Pattern UNIT = Pattern.compile(" \\([^()]*\\)$");

    /**
     * Matches names of several words, such as {@code maxShare}. A name of one word can stand in a sentence as it is.
     */
    private static final Pattern JOINED_WORDS = Pattern.compile("[a-z]+[A-Z_].*");

    private EnglishRefusals() {}

    /**
     * Holds the content of {@code refusals_en.json}, which says how forms reword the texts of the APIs.
     *
     * @param labels keys of labels in the message catalogue, by the name of the field without a unit: {@code interval}
     *     stands for {@code intervalMinutes}
     * @param names words for fields that have no label, or whose label cannot begin a sentence, by the name of the
     *     field
     * @param texts replacements for whole texts of the APIs, by the text of the API
     * @param recorded texts for {@link RecordedText}, by the pattern of the text that they replace; if several patterns
     *     match, the first pattern applies
     */
    record Wording(
            Map<String, String> labels,
            Map<String, String> names,
            Map<String, String> texts,
            Map<String, String> recorded) {}

    private static Wording loadWording() {
        try (InputStream file =
                Objects.requireNonNull(EnglishRefusals.class.getResourceAsStream("/refusals_en.json"))) {
            return new JsonMapper().readValue(file, Wording.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the sentence about a field. It begins with the label of the field, not with its path. */
    static String fieldSentence(FieldProblem problem) {
        String path = problem.field();
        Matcher tag = TAG.matcher(path);
        // The label of the field 'key' is 'Tag'.
        String subject = tag.matches()
                ? labelOf("key") + " " + tag.group(1)
                : labelOf(path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[[0-9]+]$", ""));
        return subject + formText(problem.phrase());
    }

    /** Returns the text of a phrase, with labels instead of names of the APIs. */
    static String formText(Phrase phrase) {
        return withLabels(phrase).text(pattern -> WORDING.texts().getOrDefault(pattern, pattern));
    }

    /** Returns a phrase in which labels replace the names of fields, also inside its arguments. */
    private static Phrase withLabels(Phrase phrase) {
        List<Object> arguments = new ArrayList<>();
        for (Object argument : phrase.arguments()) {
            arguments.add(argument instanceof Phrase inner ? withLabels(inner) : argument);
        }
        if (BEGIN_WITH_FIELD.contains(phrase.pattern())) {
            arguments.set(0, labelOf(String.valueOf(arguments.getFirst())));
        } else if (CONTAIN_FIELD.contains(phrase.pattern())) {
            arguments.set(0, labelInSentence(String.valueOf(arguments.getFirst())));
        }
        return new Phrase(phrase.pattern(), arguments);
    }

    /** Returns the label of a field; the name itself if the field has no label. */
    static String labelOf(String name) {
        String key = labelKey(name);
        return key == null ? WORDING.names().getOrDefault(withoutUnit(name), name) : MESSAGES.getString(key);
    }

    /** Returns the key of a field's label in the message catalogues; null if the field has no label there. */
    static @Nullable String labelKey(String name) {
        return WORDING.labels().get(withoutUnit(name));
    }

    /**
     * Returns the name of a field without its unit. In forms, a user enters a duration with its unit, so the label of
     * {@code intervalMinutes} is the label of {@code interval}.
     */
    private static String withoutUnit(String name) {
        return name.replaceFirst("(?:Minutes|Seconds)$", "");
    }

    /** Returns the label of a field for the middle of a sentence, such as {@code highest share}. */
    static String labelInSentence(String name) {
        if (!JOINED_WORDS.matcher(name).matches()) {
            return name;
        }
        String label = UNIT.matcher(labelOf(name)).replaceFirst("");
        return label.substring(0, 1).toLowerCase(Locale.ROOT) + label.substring(1);
    }
}
