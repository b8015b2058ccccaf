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
 * Translates texts that the service has recorded in English into the language of the user whose request the current
 * thread serves.
 *
 * <p>Such texts say why a scan waits, why an automatic scan started, or why a webhook did not get a message. The API
 * and the database have them as plain text and not as a {@link Phrase}, so this class compares them with English
 * patterns. A text that fits no pattern stays English. Thread-safe.
 *
 * <p>A part of a text can be another recorded text. A translation with the placeholder <code>{0!}</code> instead of
 * <code>{0}</code> keeps the part as it is, because it is a name or a reason that a user has written.
 */
public final class RecordedText {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");

    /** The end of a placeholder whose part stays as it is. */
    private static final String KEPT = "!}";

    /** Translations by the pattern that an English text must match as a whole; the first that matches counts. */
    private static final Map<Pattern, String> CHINESE = RefusalText.CHINESE.recorded().entrySet().stream()
            .collect(Collectors.toMap(
                    entry -> pattern(entry.getKey()), Entry::getValue, (first, second) -> first, LinkedHashMap::new));

    private RecordedText() {}

    /** Returns the translation of a recorded text; the same text if the user reads English. */
    public static String of(String english) {
        return RefusalText.isChinese() ? chinese(english) : english;
    }

    /** Returns the Chinese translation of a recorded text; the same text if it fits no pattern. */
    private static String chinese(String english) {
        for (Entry<Pattern, String> translation : CHINESE.entrySet()) {
            Matcher matcher = translation.getKey().matcher(english);
            if (matcher.matches()) {
                String chinese = translation.getValue();
                Object[] parts = IntStream.range(0, matcher.groupCount())
                        .mapToObj(index -> chinese.contains("{" + index + KEPT)
                                ? matcher.group(index + 1)
                                : chinese(matcher.group(index + 1)))
                        .toArray();
                return Phrase.of(chinese.replace(KEPT, "}"), parts).text();
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
