package io.keysweep.server.error;

import io.keysweep.engine.text.ForeignText;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Describes why the service refuses one field of a request; error responses contain it as a sentence.
 *
 * <p>The sentence is the path of the field, followed by the detail, which is a {@link Phrase}.
 *
 * @param field path of the field in the document, such as {@code windows[0].from}
 * @param phrase the detail: the sentence after the path, with the space or sign in front, such as {@code " is '0', must
 *     be a whole number from 1 to 100."}
 */
public record FieldProblem(String field, Phrase phrase) {

    // Values and unknown names come from the client and can have any length. Responses and the log show this many
    // characters.
    private static final int MAX_SHOWN_VALUE = 80;
    private static final int MAX_SHOWN_NAME = 40;

    /** Creates a problem whose detail has no arguments, or is shown in English only. */
    public FieldProblem(String field, String detail) {
        this(field, Phrase.of(detail));
    }

    /** Describes a value that breaks a rule without arguments; see {@link #of(String, String, Phrase)}. */
    public static FieldProblem of(String field, @Nullable String value, String rule) {
        return of(field, value, Phrase.of(rule));
    }

    /**
     * Describes a value that breaks a rule. The sentence repeats the value, cut off after 80 characters, so it must be
     * no secret.
     *
     * @param field path of the field in the document
     * @param value value as the client sent it; null if the field is missing
     * @param rule what the value must be, such as {@code a whole number from 1 to 100}
     */
    public static FieldProblem of(String field, @Nullable String value, Phrase rule) {
        return new FieldProblem(
                field,
                value == null
                        ? Phrase.of(" is missing, must be {0}.", rule)
                        : Phrase.of(" is {0}, must be {1}.", quote(value), rule));
    }

    /**
     * Describes a field that the document must not have, and names the fields that it may have.
     *
     * @param field path of the field in the document; only its beginning is shown if it is long
     * @param knownFields names of the fields that the document may have, in any order
     */
    public static FieldProblem unknown(String field, Collection<String> knownFields) {
        return new FieldProblem(
                field.length() > MAX_SHOWN_NAME ? ForeignText.beginning(field, MAX_SHOWN_NAME) + "…" : field,
                Phrase.of(" is unknown; known are {0}.", String.join(", ", new TreeSet<>(knownFields))));
    }

    /**
     * Returns this problem for a field inside of another one: {@code from} within {@code windows[0]} is {@code
     * windows[0].from}.
     */
    public FieldProblem within(String outer) {
        return new FieldProblem(outer + "." + field, phrase);
    }

    /** Returns the complete sentence in English: the path of the field, followed by the detail. */
    public String sentence() {
        return field + phrase.text();
    }

    /** Returns a value in single quotes; only its beginning if it is long. */
    private static String quote(String value) {
        return "'" + (value.length() > MAX_SHOWN_VALUE ? ForeignText.beginning(value, MAX_SHOWN_VALUE) + "…" : value)
                + "'";
    }
}
