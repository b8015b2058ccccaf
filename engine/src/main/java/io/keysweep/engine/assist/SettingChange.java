package io.keysweep.engine.assist;

import java.util.regex.Pattern;

/**
 * Describes the change of one setting of a server by {@link Assist}, with the value that must be restored.
 *
 * @param name the setting, for example {@code hz}
 * @param former the value before the change
 * @param raised the value that assist sets
 */
public record SettingChange(String name, String former, String raised) {

    /**
     * Matches a name or a value. It has no blanks and line breaks, since a change is three words of one line in the
     * {@link AssistLedger}.
     */
    private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,40}");

    /**
     * Checks the name and the values.
     *
     * @throws IllegalArgumentException if one of them is not 1 to 40 lower-case letters, digits and dashes
     */
    public SettingChange {
        requireWord("name", name);
        requireWord("former", former);
        requireWord("raised", raised);
    }

    private static void requireWord(String field, String value) {
        if (!WORD.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + " is '" + value + "', must be 1 to 40 lower-case letters, digits and dashes");
        }
    }

    /** Returns the command that restores the former value, for the user. */
    public String restoreCommand() {
        return "CONFIG SET " + name + " " + former;
    }

    /** Returns the change for the user, for example {@code hz 10 -> 500}. */
    @Override
    public String toString() {
        return name + " " + former + " -> " + raised;
    }
}
