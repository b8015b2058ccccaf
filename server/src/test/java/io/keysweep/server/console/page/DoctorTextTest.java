package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.i18n.LocaleContextHolder;

/** Tests that the Chinese console shows all findings of the doctor in Chinese, with their values. */
final class DoctorTextTest {

    private static final Path EXAMPLES = Path.of("src/test/resources/io/keysweep/server/console/page/doctor-texts.txt");
    private static final Path ENGINE = Path.of("..", "engine", "src", "main", "java", "io", "keysweep", "engine");

    /** A file whose only text is a command, which the console does not show. */
    private static final String USER_COMMAND = "UserCommand.java";

    /** Texts in the sources of the doctor that no finding contains. */
    private static final Set<String> IN_NO_FINDING = Set.of("not tried");

    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|^\\s*//.*?$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern JOINED_TEXTS = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    private static final Pattern FORMAT_SPECIFIER = Pattern.compile("%,?(?:\\.\\d)?[dsf]|%%");

    /** A part of a sentence: at least two words, or a word and a full stop. */
    private static final Pattern PROSE = Pattern.compile(".*[A-Za-z]{2}.*(?: \\S.*|\\.)|.*\\S .*[A-Za-z]{2}.*");

    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    /** A value with a digit, such as {@code 1,024} or {@code 10.0.0.1:6379}. */
    private static final Pattern VALUE = Pattern.compile("[\\w.:,]*\\d(?:[\\w.:,]*\\w)?");

    @AfterEach
    void resetLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void of_aTextOfTheDoctor_isChineseWithTheSameValues(String english) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);

        String chinese = RecordedText.of(english);

        RecordedTextTest.assertChinese(chinese);
        assertThat(values(english)).allSatisfy(value -> assertThat(chinese).contains(value));
    }

    @Test
    void examples_containAllTextsInTheSourcesOfTheDoctor() throws IOException {
        // A format string is divided at its values.
        Set<String> texts = new TreeSet<>();
        for (Path file : sources()) {
            String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
            LITERAL.matcher(JOINED_TEXTS.matcher(code).replaceAll(""))
                    .results()
                    .flatMap(literal -> FORMAT_SPECIFIER.splitAsStream(literal.group(1)))
                    .map(text -> text.replace("\\\"", "\""))
                    .filter(text -> PROSE.matcher(text).matches())
                    .forEach(texts::add);
        }

        // These texts show that the sources were read.
        assertThat(texts).contains("Try again later.").containsAll(IN_NO_FINDING);
        texts.removeAll(IN_NO_FINDING);

        List<String> examples = examples();
        assertThat(texts)
                .allSatisfy(text -> assertThat(examples)
                        .as("an example in %s has the text: %s", EXAMPLES, text)
                        .anyMatch(example -> example.contains(text)));
    }

    /** Returns the lines of the file with examples, without comments. */
    private static List<String> examples() throws IOException {
        return Files.readAllLines(EXAMPLES).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    /** Returns the sources of all texts of findings. */
    private static List<Path> sources() throws IOException {
        try (Stream<Path> doctor = Files.list(ENGINE.resolve("doctor"));
                Stream<Path> advice = Files.list(ENGINE.resolve("advice"))) {
            Stream<Path> evidenceOfProxies = Stream.of("ProxyCheck.java", "ScanCursorCheck.java")
                    .map(name -> ENGINE.resolve("sweep").resolve(name));
            return Stream.of(doctor, advice, evidenceOfProxies)
                    .flatMap(files -> files)
                    .filter(file -> !file.endsWith(USER_COMMAND))
                    .toList();
        }
    }

    /** Returns the values in a text, without those in quoted commands. */
    private static List<String> values(String text) {
        return VALUE.matcher(QUOTED.matcher(text).replaceAll(""))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
