package io.keysweep.server.error;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one field of a request.
 *
 * @param field where it stands, such as {@code windows[0].from}
 * @param says what follows the field's name in a sentence: its value, the rule; ends with a full stop
 */
public record FieldProblem(String field, String says) {

    private static final int MOST_SHOWN = 80;

    /** A value that breaks a rule; null is one that is missing. */
    public static FieldProblem of(String field, @Nullable String value, String rule) {
        return new FieldProblem(field, " is " + quoted(value) + ", must be " + rule + ".");
    }

    /** The same problem of a field that stands within another. */
    public FieldProblem within(String outer) {
        return new FieldProblem(outer + "." + field, says);
    }

    /** The whole sentence. */
    public String sentence() {
        return field + says;
    }

    private static String quoted(@Nullable String value) {
        if (value == null) {
            return "missing";
        }
        return "'" + (value.length() > MOST_SHOWN ? value.substring(0, MOST_SHOWN) + "…" : value) + "'";
    }
}
