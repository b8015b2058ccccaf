package io.keysweep.server.error;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A phrase is an English text with arguments that can be shown in another language.
 *
 * <p>The English pattern is also the key of its translation, so the code needs no other key for a text. The APIs and
 * the log show the English text; the web console translates the pattern and puts the same arguments into the result.
 *
 * @param pattern English text with placeholders such as <code>{0}</code>
 * @param arguments values of the placeholders: texts, numbers, or phrases, which are translated as well
 */
public record Phrase(String pattern, List<Object> arguments) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([0-9])}");

    public Phrase {
        arguments = List.copyOf(arguments);
    }

    /** Creates a phrase; a pattern without arguments can be any text. */
    public static Phrase of(String pattern, Object... arguments) {
        return new Phrase(pattern, List.of(arguments));
    }

    /** Returns the English text. */
    public String text() {
        return text(UnaryOperator.identity());
    }

    /**
     * Returns the text in another language.
     *
     * @param translation returns the translation of a pattern, or the pattern itself if it has none
     */
    public String text(UnaryOperator<String> translation) {
        // All placeholders are replaced in one go, so that an argument that contains a placeholder is not changed.
        return PLACEHOLDER.matcher(translation.apply(pattern)).replaceAll(placeholder -> {
            int index = Integer.parseInt(placeholder.group(1));
            return Matcher.quoteReplacement(
                    index < arguments.size() ? text(arguments.get(index), translation) : placeholder.group());
        });
    }

    private static String text(Object argument, UnaryOperator<String> translation) {
        return argument instanceof Phrase phrase ? phrase.text(translation) : String.valueOf(argument);
    }

    /** Returns the English text. */
    @Override
    public String toString() {
        return text();
    }
}
