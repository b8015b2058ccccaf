package io.keysweep.server.timeline;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reduces the reason of a hold to its kind, so that holds that differ only in their figures count as one.
 *
 * <p>The kind is the text before the first figure or the first colon. For example, {@code replica lags by 12 MB} and
 * {@code replica lags by 7 MB} are both {@code replica lags by}. An address such as {@code 127.0.0.1:6379} is no figure
 * and stays.
 */
public final class ReasonKind {

    /** Maximum length of the column {@code sweep_hold.reason} in characters. */
    private static final int MAX_LENGTH = 200;

    /** Finds the end of a kind: a colon before a space, or a word that is a number, with or without a unit. */
    private static final Pattern END =
            Pattern.compile(":(?=\\s)|(?<=\\s)[\\d,]+(?:\\.\\d+)?[A-Za-z%]{0,3}(?=[\\s,;:]|$)");

    /** Finds a figure at the beginning, which is left out. */
    private static final Pattern FIRST = Pattern.compile("^[\\d,]+(?:\\.\\d+)?[A-Za-z%]{0,3}\\s+");

    private ReasonKind() {}

    /** Returns the kind of a reason. */
    public static String of(String reason) {
        String text = FIRST.matcher(reason).replaceFirst("");
        Matcher end = END.matcher(text);
        String kind = end.find() ? text.substring(0, end.start()) : text;
        return kind.substring(0, Math.min(kind.length(), MAX_LENGTH)).strip();
    }
}
