package io.keysweep.server.console.page;

import io.keysweep.server.error.Phrase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Translates texts that the service has recorded in English into the language of the person whose request the current
 * thread serves.
 *
 * <p>Such texts say why a webhook did not get a message, or why a reclaim method was chosen. The API and the database
 * have them as plain text and not as a {@link Phrase}, so this class compares them with English patterns. A text that
 * fits no pattern stays English. Thread-safe.
 */
final class RecordedText {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");

    /** Translations by the pattern that an English text must match as a whole; the first that matches counts. */
    private static final Map<Pattern, String> CHINESE = RefusalText.CHINESE.recorded().entrySet().stream()
            .collect(Collectors.toMap(
                    entry -> pattern(entry.getKey()), Entry::getValue, (first, second) -> first, LinkedHashMap::new));

    private RecordedText() {}

    /** Returns the translation of a recorded text; the same text if the person reads English. */
    static String of(String english) {
        return RefusalText.isChinese() ? chinese(english) : english;
    }

    private static String chinese(String english) {
        for (Entry<Pattern, String> translation : CHINESE.entrySet()) {
            Matcher matcher = translation.getKey().matcher(english);
            if (matcher.matches()) {
                // A part can be a text with a translation of its own, such as the name of a method.
                Object[] parts = IntStream.rangeClosed(1, matcher.groupCount())
                        .mapToObj(group -> chinese(matcher.group(group)))
                        .toArray();
                return Phrase.of(translation.getValue(), parts).text();
            }
        }
        return english;
    }

    /** Returns the regular expression of a text whose placeholders stand for any text, numbered from 0 in order. */
    private static Pattern pattern(String text) {
        return Pattern.compile(
                Arrays.stream(PLACEHOLDER.split(text, -1)).map(Pattern::quote).collect(Collectors.joining("(.+?)")),
                Pattern.DOTALL);
    }
}
