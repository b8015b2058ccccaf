package io.keysweep.testkit.sources;

import com.sun.source.doctree.DocCommentTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Defines what the first sentence of a Javadoc comment must be: at most {@value #MAX_WORDS} words, with a verb, and
 * with a subject of its own. A verb is recognised by the list {@code verbs.txt} beside this class; if one is missing
 * there, add it.
 */
final class FirstSentence {

    /** The largest number of words that a first sentence may have. */
    static final int MAX_WORDS = 25;

    /** Words that point at something outside of the sentence when a sentence begins with them. */
    private static final Set<String> BARE_BEGINNINGS = Set.of(
            "what", "who", "whose", "whom", "which", "how", "why", "when", "where", "whether", "one", "those", "these",
            "of", "it", "they", "he", "she", "that", "this", "its", "their", "such", "another", "others", "both");

    /** Words whose meaning a reader has to guess. */
    private static final Pattern UNCLEAR_WORDS =
            Pattern.compile("\\b(whoever|whosever|reckon\\w*|anew|footing|as far as it)\\b", Pattern.CASE_INSENSITIVE);

    /** The known verbs, from {@code verbs.txt}. */
    private static final Set<String> VERBS = verbs();

    private FirstSentence() {}

    /** Returns the first sentence of a comment as plain text; inline tags such as {@code {@link X}} become their text. */
    static String text(DocCommentTree comment) {
        return comment.getFirstSentence().stream()
                .map(Object::toString)
                .collect(Collectors.joining())
                .replaceAll("\\{@(?:code|link|linkplain|literal|value)\\s*([^}]*)\\}", "$1")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** Returns what is wrong with a sentence, or nothing. */
    static Optional<String> problem(String sentence) {
        List<String> words = Arrays.stream(sentence.split("[^\\p{Alnum}/'_.:#{}$-]+"))
                .map(word -> word.replaceAll("[.:]+$", ""))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty()) {
            return Optional.of("no sentence");
        }
        if (words.size() > MAX_WORDS) {
            return Optional.of(words.size() + " words, at most " + MAX_WORDS + " are allowed");
        }
        String first = words.getFirst().toLowerCase(Locale.ROOT);
        if (BARE_BEGINNINGS.contains(first) || sentence.startsWith("The same") || sentence.startsWith("All that")) {
            return Optional.of("begins with '" + words.getFirst() + "', which names nothing");
        }
        for (int i = 0; i < words.size(); i++) {
            // A first word before "of" is a noun, as "Holds" in "Holds of a scan".
            boolean nounFollowedByOf =
                    i == 0 && words.size() > 1 && words.get(1).equals("of");
            if (VERBS.contains(words.get(i).toLowerCase(Locale.ROOT)) && !nounFollowedByOf) {
                return Optional.empty();
            }
        }
        return Optional.of("no verb");
    }

    /** Returns the unclear words in the comments and texts of a file. */
    static List<String> unclearWords(Path file) {
        try {
            Matcher matcher = UNCLEAR_WORDS.matcher(Files.readString(file));
            return matcher.results().map(MatchResult::group).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the list of verbs. */
    private static Set<String> verbs() {
        try (InputStream list = Objects.requireNonNull(FirstSentence.class.getResourceAsStream("verbs.txt"))) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
