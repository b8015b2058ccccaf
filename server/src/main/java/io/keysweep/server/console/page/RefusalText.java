package io.keysweep.server.console.page;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.context.i18n.LocaleContextHolder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Translates refusals into the language of the user whose request the current thread serves.
 *
 * <p>Each refusal of the services contains a {@link Phrase} in English, which the APIs show. The pattern of the phrase
 * is the key of its translation in {@code refusals_zh_CN.json}. A text without a translation is shown in English. The
 * label of a field replaces its name in the APIs; in English texts, {@link EnglishRefusals} replaces it. Thread-safe.
 */
public final class RefusalText {

    static final Translations CHINESE = loadTranslations();

    /** The Chinese message catalogue, {@code messages_zh_CN.properties}. */
    private static final ResourceBundle CHINESE_MESSAGES =
            ResourceBundle.getBundle("messages", Locale.SIMPLIFIED_CHINESE);

    /** The texts of refused estimates, whose first argument is a message of the engine. */
    private static final Set<String> CONTAIN_RECORDED = Set.of(
            " is not possible, because no replica can be read: {0}",
            " is necessary, because no replica can be read: {0}", " is necessary for this server: {0}");

    /** A unit at the end of a Chinese label, such as {@code （key/秒）}. */
    private static final Pattern CHINESE_UNIT = Pattern.compile("（[^（）]*）$");

    private RefusalText() {}

    /**
     * Contains the translations into one language.
     *
     * @param names words for fields that have no label, or whose label cannot begin a sentence, by the name of the
     *     field
     * @param texts texts by their English pattern
     * @param fields texts for one field, by the name of the field and the English pattern; they take precedence over
     *     {@code texts}. If a pattern only quotes a message of the engine, its text here leaves the message out
     * @param nodes for each reason why a server cannot be used, a text for messages without a translation
     * @param recorded texts for {@link RecordedText} by their English pattern; if several patterns match, the first one
     *     applies
     */
    record Translations(
            Map<String, String> names,
            Map<String, String> texts,
            Map<String, Map<String, String>> fields,
            Map<NodeRefusedException.Reason, String> nodes,
            Map<String, String> recorded) {}

    private static Translations loadTranslations() {
        try (InputStream file = Objects.requireNonNull(RefusalText.class.getResourceAsStream("/refusals_zh_CN.json"))) {
            return new JsonMapper().readValue(file, Translations.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a phrase in the language of the user. */
    public static String of(Phrase phrase) {
        return isChinese() ? inChinese(phrase).text(RefusalText::chinese) : EnglishRefusals.formText(phrase);
    }

    /**
     * Returns a phrase in which Chinese labels replace the names of fields, and translations replace messages of the
     * engine, also inside its arguments.
     */
    private static Phrase inChinese(Phrase phrase) {
        List<Object> arguments = new ArrayList<>();
        for (Object argument : phrase.arguments()) {
            arguments.add(argument instanceof Phrase inner ? inChinese(inner) : argument);
        }
        if (EnglishRefusals.CONTAIN_FIELD.contains(phrase.pattern())) {
            arguments.set(0, chineseLabel(String.valueOf(arguments.getFirst())));
        } else if (CONTAIN_RECORDED.contains(phrase.pattern())) {
            arguments.set(0, RecordedText.of(String.valueOf(arguments.getFirst())));
        }
        return new Phrase(phrase.pattern(), arguments);
    }

    /**
     * Returns the label of a field in the language of the user; the name itself if the field has no label.
     *
     * @param beginsText whether the label begins a text, so that it needs a capital letter in English
     */
    static String label(String name, boolean beginsText) {
        if (isChinese()) {
            return chineseLabel(name);
        }
        return beginsText ? EnglishRefusals.labelOf(name) : EnglishRefusals.labelInSentence(name);
    }

    /** Returns the Chinese label of a field without its unit; the name itself if the field has no label. */
    private static String chineseLabel(String name) {
        String key = EnglishRefusals.labelKey(name);
        if (key == null || CHINESE.names().containsKey(name)) {
            return CHINESE.names().getOrDefault(name, name);
        }
        return CHINESE_UNIT.matcher(CHINESE_MESSAGES.getString(key)).replaceFirst("");
    }

    /**
     * Returns the sentences about the fields that a refusal names. If it names none, returns the detail of the refusal,
     * or else the message of its code.
     */
    public static String message(RequestRefusedException refusal) {
        if (!refusal.problems().isEmpty()) {
            return refusal.problems().stream().map(RefusalText::sentence).collect(Collectors.joining(separator()));
        }
        Phrase detail = refusal.detailPhrase();
        // A form has no header If-Match, so its user would not understand a detail about that header.
        return of(
                detail == null || detail.pattern().startsWith("If-Match ")
                        ? refusal.codePhrase()
                        : DurationFields.inForms(detail));
    }

    /**
     * Returns why a server cannot be used: the message of the engine, or its translation. A message without a
     * translation follows the translation of its reason, so that the user still learns the cause.
     */
    public static String message(NodeRefusedException refusal) {
        String english = String.valueOf(refusal.getMessage());
        if (!isChinese()) {
            return english;
        }
        String chinese = RecordedText.of(english);
        String reason = CHINESE.nodes().get(refusal.reason());
        return chinese.equals(english) && reason != null
                ? Phrase.of(reason, refusal.nodeId()).text() + "（" + english + "）"
                : chinese;
    }

    /**
     * Returns the sentence about a field. In English it begins with the label of the field. In Chinese it begins only
     * with the name of a part, such as {@code from} of {@code windows[0]}, because the page shows it at the field.
     */
    static String sentence(FieldProblem apiProblem) {
        FieldProblem problem = DurationFields.inForms(apiProblem);
        if (!isChinese()) {
            return EnglishRefusals.fieldSentence(problem);
        }
        String path = problem.field();
        int dot = path.lastIndexOf('.');
        String name = path.substring(dot + 1).replaceAll("\\[[0-9]+]$", "");
        Map<String, String> textsOfField = CHINESE.fields().getOrDefault(name, Map.of());
        String text = inChinese(problem.phrase()).text(pattern -> textsOfField.getOrDefault(pattern, chinese(pattern)));
        if (dot < 0) {
            return text;
        }
        Matcher tag = EnglishRefusals.TAG.matcher(path);
        String subject = tag.matches() ? "标签 " + tag.group(1) : chineseLabel(name);
        return subject + "：" + text;
    }

    /** Returns what separates two sentences: a space in English, nothing in Chinese. */
    static String separator() {
        return isChinese() ? "" : " ";
    }

    private static String chinese(String pattern) {
        return CHINESE.texts().getOrDefault(pattern, pattern);
    }

    /** Returns whether the user reads Chinese. */
    static boolean isChinese() {
        return ConsoleLocales.supported(LocaleContextHolder.getLocale()).equals(Locale.SIMPLIFIED_CHINESE);
    }
}
