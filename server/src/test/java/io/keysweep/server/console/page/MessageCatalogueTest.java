package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that both catalogues have the same keys, that pages contain no other texts, and that no text is unused. */
final class MessageCatalogueTest {

    private static final Path TEMPLATES = Path.of("src/main/resources/templates/console");
    private static final Path SOURCES = Path.of("src/main/java/io/keysweep/server/console");

    /** A key in a template: {@code #{a.b}}, {@code #{a.b(...)}} or {@code messages.msg('a.b')}. */
    private static final Pattern KEY = Pattern.compile("#\\{([a-zA-Z][\\w.-]*)|messages\\.msg\\('([\\w.]+)'");

    /** The beginning of keys that end with a word of the API: {@code #{${'state.' + ...}}}. */
    private static final Pattern PREFIX = Pattern.compile("#\\{\\$\\{'([\\w.]+)'");

    private static final Pattern ARGUMENT = Pattern.compile("\\{\\d}");
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("<(?:[^>\"]|\"[^\"]*\")*>");
    private static final Pattern VISIBLE_ATTRIBUTE =
            Pattern.compile("\\s(?:aria-label|title|alt|placeholder)=\"([^\"]*\\p{L}[^\"]*)\"");

    /** Texts in no language: the name of the product, and each language in its own words. */
    private static final Set<String> NAMES = Set.of("Keysweep", "简体中文", "English");

    /** Examples in empty fields, which are the same in each language. */
    private static final Set<String> EXAMPLES = Set.of("-----BEGIN …");

    /** Chinese words that no text has, because the console has other words for key, user, eviction and reader. */
    private static final Pattern OTHER_WORDS = Pattern.compile("键名|键数|过期键|人员|淘汰|你");

    private final Map<String, String> english = Catalogue.texts("messages.properties");
    private final Map<String, String> chinese = Catalogue.texts("messages_zh_CN.properties");

    @Test
    void catalogues_haveTheSameKeysAndArguments() {
        assertThat(chinese.keySet()).isEqualTo(english.keySet());
        english.forEach((key, text) -> {
            assertThat(arguments(chinese.getOrDefault(key, ""))).as(key).isEqualTo(arguments(text));
            assertThat(text).as(key).isNotBlank().doesNotContain("'");
            assertThat(chinese.get(key)).as(key).isNotBlank().doesNotContain("'");
        });
    }

    @Test
    void chineseTexts_haveOneWordForEachConcept() {
        assertThat(Stream.<Collection<String>>of(
                                chinese.values(),
                                RefusalText.CHINESE.texts().values(),
                                RefusalText.CHINESE.nodes().values(),
                                RefusalText.CHINESE.recorded().values())
                        .flatMap(Collection::stream)
                        .filter(OTHER_WORDS.asPredicate()))
                .isEmpty();
    }

    @Test
    void keys_ofTemplatesAndSources_existAndAreAllUsed() throws IOException {
        // Each key of a template exists.
        Set<String> used = new TreeSet<>();
        Set<String> prefixes = new TreeSet<>();
        for (Path file : files(TEMPLATES, ".html")) {
            String template = Files.readString(file);
            KEY.matcher(template)
                    .results()
                    .map(key -> key.group(1) == null ? key.group(2) : key.group(1))
                    .forEach(used::add);
            PREFIX.matcher(template).results().map(key -> key.group(1)).forEach(prefixes::add);
        }
        assertThat(english.keySet()).containsAll(used);

        // Each key is used by a template, or by a source as a literal.
        StringBuilder sources = new StringBuilder();
        for (Path file : files(SOURCES, ".java")) {
            sources.append(Files.readString(file));
        }

        assertThat(english.keySet())
                .allSatisfy(key -> assertThat(used.contains(key)
                                || prefixes.stream().anyMatch(key::startsWith)
                                || sources.indexOf('"' + key + '"') >= 0)
                        .as("%s is used", key)
                        .isTrue());
    }

    @Test
    void templates_containNoTextInALanguage() throws IOException {
        // Templates take all texts from the catalogues.
        List<String> texts = new ArrayList<>();
        for (Path file : files(TEMPLATES, ".html")) {
            String template = COMMENT.matcher(Files.readString(file)).replaceAll("");
            for (String text : TAG.splitAsStream(template).toList()) {
                if (text.codePoints().anyMatch(Character::isLetter) && !NAMES.contains(text.strip())) {
                    texts.add(file.getFileName() + ": " + text.strip());
                }
            }
            Matcher attribute = VISIBLE_ATTRIBUTE.matcher(template);
            while (attribute.find()) {
                if (!EXAMPLES.contains(attribute.group(1))) {
                    texts.add(file.getFileName() + ": " + attribute.group(1));
                }
            }
        }

        assertThat(texts).isEmpty();
    }

    /** Returns the placeholders in a text, such as <code>{0}</code>. */
    private static Set<String> arguments(String text) {
        return ARGUMENT.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
