package io.keysweep.server.timeline;

import io.keysweep.engine.text.ForeignText;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reduces the reason of a hold or a slowdown to its kind, so that reasons that differ only in their figures are treated
 * as one.
 *
 * <p>A hold is a time in which a sweep sends no steps (calls that visit keys). Four rules, applied one after another,
 * make the kind of a reason:
 *
 * <ul>
 *   <li>A figure at the beginning is left out: {@code 3 replicas synchronise} becomes {@code replicas synchronise}.
 *   <li>The text ends before the next figure: {@code replica lags by 12 MB} becomes {@code replica lags by}.
 *   <li>The text ends before a colon that a space follows: {@code reconnecting: connection broke} becomes {@code
 *       reconnecting}.
 *   <li>An incomplete sentence is completed: {@code a replica is 9.0 MiB behind} becomes {@code a replica is behind}.
 * </ul>
 *
 * <p>A figure is a whole word, with a unit of up to three letters at most. An address such as {@code 127.0.0.1:6379} is
 * therefore no figure and is kept.
 */
public final class ReasonKind {

    /** Maximum length of the column {@code sweep_hold.reason} in characters. */
    private static final int MAX_LENGTH = 200;

    /** Finds the end of a kind: a colon before a space, or a word that is a number, with or without a unit. */
    private static final Pattern KIND_END =
            Pattern.compile(":(?=\\s)|(?<=\\s)[\\d,]+(?:\\.\\d+)?[A-Za-z%]{0,3}(?=[\\s,;:]|$)");

    /** Finds a figure at the beginning, which is left out. */
    private static final Pattern LEADING_FIGURE = Pattern.compile("^[\\d,]+(?:\\.\\d+)?[A-Za-z%]{0,3}\\s+");

    /** The end of a kind before a time that was left out. */
    private static final String DANGLING_FOR = " for";

    /**
     * Complete sentences for kinds that would end before a figure: {@code a replica is} becomes {@code a replica is
     * behind}.
     */
    private static final Map<String, String> COMPLETED = Map.of(
            "a replica is", "a replica is behind",
            "one client has", "one client has unread output",
            "the server evicts", "the server evicts keys",
            "the server runs", "the server runs many commands");

    private ReasonKind() {}

    /** Returns the kind of a reason, at most {@value #MAX_LENGTH} characters. */
    public static String of(String reason) {
        String text = LEADING_FIGURE.matcher(reason).replaceFirst("");
        Matcher end = KIND_END.matcher(text);
        String kind = end.find() ? text.substring(0, end.start()) : text;
        return ForeignText.beginning(completeSentence(kind.strip()), MAX_LENGTH).strip();
    }

    /** Completes a kind that ends in the middle of a sentence: adds the missing words, or leaves out a final "for". */
    private static String completeSentence(String kind) {
        String text = kind.endsWith(DANGLING_FOR) ? kind.substring(0, kind.length() - DANGLING_FOR.length()) : kind;
        return COMPLETED.getOrDefault(text, text);
    }
}
