package io.keysweep.server.console.page;

import io.keysweep.server.error.Phrase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Translates texts that the service has recorded in English into the language of the user whose request the current
 * thread serves.
 *
 * <p>Such texts say why a scan waits, why an automatic scan started, or why a webhook did not get a message. The API
 * and the database have them as plain text and not as a {@link Phrase}, so this class compares them with English
 * patterns. A text that fits no pattern is not translated. Thread-safe.
 *
 * <p>A part of a text can be another recorded text, which is then also translated. If the placeholder of the part is
 * <code>{0!}</code> instead of <code>{0}</code>, the part is not translated, because it is a name or a reason that a
 * user has written. The placeholder <code>{0#}</code> stands for the name of a field in the APIs, and a translation
 * shows the label of the field. For a user who reads English, only the names of fields are replaced.
 */
public final class RecordedText {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d#?}");

    /** The end of a placeholder whose part is not translated. */
    private static final String NOT_TRANSLATED = "!}";

    /** The end of a placeholder for the name of a field. */
    private static final String FIELD = "#}";

    /** A regular expression for the names of the fields of a pace, a schedule or a ceiling in recorded texts. */
    private static final String FIELD_NAME =
            "(profile|stallBudgetMs|share|rateCeiling|scanKeysCount|scan_keys_count|namesStay|assist|max[A-Z]\\w+)";

    private static final String ANY_TEXT = "(.+?)";

    private static final Map<Pattern, String> CHINESE = byPattern(RefusalText.CHINESE.recorded());
    private static final Map<Pattern, String> ENGLISH = byPattern(EnglishRefusals.WORDING.recorded());

    private RecordedText() {}

    /** Returns a recorded text in the language of the user, with the labels of fields instead of their names. */
    public static String of(String english) {
        return translate(english, RefusalText.isChinese() ? CHINESE : ENGLISH);
    }

    /** Returns the translation of a recorded text; the same text if it fits no pattern. */
    private static String translate(String english, Map<Pattern, String> translations) {
        for (Entry<Pattern, String> each : translations.entrySet()) {
            Matcher matcher = each.getKey().matcher(english);
            if (matcher.matches()) {
                String translation = each.getValue();
                Object[] parts = IntStream.range(0, matcher.groupCount())
                        .mapToObj(index -> translatePart(index, matcher.group(index + 1), translation, translations))
                        .toArray();
                return Phrase.of(translation.replace(NOT_TRANSLATED, "}").replace(FIELD, "}"), parts)
                        .text();
            }
        }
        return english;
    }

    /**
     * Returns a part of a text as the translation of the text shows it.
     *
     * @param index number of the part's placeholder
     */
    private static String translatePart(
            int index, String english, String translation, Map<Pattern, String> translations) {
        if (translation.contains("{" + index + NOT_TRANSLATED)) {
            return english;
        }
        return translation.contains("{" + index + FIELD)
                ? RefusalText.label(english, /* beginsText= */ index == 0)
                : translate(english, translations);
    }

    /** Returns translations by the pattern that a text must match as a whole; the first that matches applies. */
    private static Map<Pattern, String> byPattern(Map<String, String> translations) {
        Map<Pattern, String> byPattern = new LinkedHashMap<>();
        translations.forEach((text, translation) -> byPattern.put(pattern(text), translation));
        return byPattern;
    }

    /** Returns the regular expression of a text whose placeholders stand for other texts, numbered from 0 in order. */
    private static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        int end = 0;
        while (placeholder.find()) {
            regex.append(Pattern.quote(text.substring(end, placeholder.start())))
                    .append(placeholder.group().endsWith(FIELD) ? FIELD_NAME : ANY_TEXT);
            end = placeholder.end();
        }
        regex.append(Pattern.quote(text.substring(end)));
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
