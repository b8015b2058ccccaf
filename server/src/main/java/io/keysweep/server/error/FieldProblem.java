package io.keysweep.server.error;

import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Describes why the service refuses one field of a request; error responses contain it as a sentence.
 *
 * @param field path of the field in the document, such as {@code windows[0].from}
 * @param detail the rest of the sentence that begins with the name of the field, such as {@code " is '0', must be a
 *     whole number from 1 to 100."}
 */
public record FieldProblem(String field, String detail) {

    private static final int MAX_SHOWN_LENGTH = 80;
    private static final int MAX_SHOWN_NAME = 40;

    /**
     * Describes a value that breaks a rule.
     *
     * @param field path of the field in the document
     * @param value value as the client sent it; null if the field is missing
     * @param rule what the value must be, such as {@code a whole number from 1 to 100}
     */
    public static FieldProblem of(String field, @Nullable String value, String rule) {
        return new FieldProblem(field, " is " + quoted(value) + ", must be " + rule + ".");
    }

    /**
     * Describes a field that the document must not have.
     *
     * @param field path of the field in the document; only its beginning is shown if it is long
     * @param knownFields names of the fields that the document may have
     */
    public static FieldProblem unknown(String field, Collection<String> knownFields) {
        return new FieldProblem(
                field.length() > MAX_SHOWN_NAME ? field.substring(0, MAX_SHOWN_NAME) + "…" : field,
                " is unknown; known are " + String.join(", ", new TreeSet<>(knownFields)) + ".");
    }

    /** Returns this problem with the path of an outer field put before the path of its field. */
    public FieldProblem within(String outer) {
        return new FieldProblem(outer + "." + field, detail);
    }

    /** Returns the complete sentence: the path of the field, followed by the detail. */
    public String sentence() {
        return field + detail;
    }

    private static String quoted(@Nullable String value) {
        if (value == null) {
            return "missing";
        }
        return "'" + (value.length() > MAX_SHOWN_LENGTH ? value.substring(0, MAX_SHOWN_LENGTH) + "…" : value) + "'";
    }
}
