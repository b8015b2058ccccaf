package io.keysweep.server.iam;

import java.util.regex.Pattern;

/** Checks the names of users; the names of access policies have the same form. */
public final class UserName {

    /** The rule for names, as error messages state it. */
    public static final String RULE = "1 to 64 lower-case letters, digits, '.', '_' or '-' that begin with a letter";

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

    private UserName() {}

    /** Returns whether a text has the form of a name. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * Returns a text that has the form of a name.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static String requireValid(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
