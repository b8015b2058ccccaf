package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/**
 * Tests that the Chinese console shows texts of the engine in Chinese, with their values: findings of the doctor, and
 * messages about servers, for example why a server is refused or cannot be estimated.
 */
final class DoctorTextTest {

    private static final Path EXAMPLES = Path.of("src/test/resources/io/keysweep/server/console/page/doctor-texts.txt");
    private static final Path ENGINE = Path.of("..", "engine", "src", "main", "java", "io", "keysweep", "engine");

    /** A file whose only text is a command, which the console does not show. */
    private static final String USER_COMMAND = "UserCommand.java";

    /** The folders of the engine whose files all have texts that the console shows. */
    private static final List<String> FOLDERS = List.of("advice", "discovery", "doctor", "estimate");

    /** Other files of the engine with texts about servers that the console shows. */
    private static final List<String> FILES = List.of(
            "lettuce/ConnectionFailures.java",
            "lettuce/ServerCertificateFailure.java",
            "lettuce/TlsFailure.java",
            "lettuce/UnixSocketCheck.java",
            "link/ServerErrors.java",
            "link/ServerInfo.java",
            "link/UnexpectedReplyException.java",
            "nodes/DeploymentReader.java",
            "sweep/ClusterNodeQueries.java",
            "sweep/CountExactness.java",
            "sweep/EndlessScan.java",
            "sweep/LoadBalancerCheck.java",
            "sweep/ProxyCheck.java",
            "sweep/ScanCursorCheck.java",
            "sweep/ServerInspector.java",
            "sweep/ServerStatus.java");

    /** Texts in the sources that no user sees. */
    private static final Set<String> UNSEEN = Set.of(
            "not tried",
            // These texts report mistakes of the program.
            "a cell of an unknown kind",
            "no node was asked",
            "no sentinel was asked",
            "prefixes are parts of names, which must stay on the server",
            // Parts of other programs' errors, which the engine compares with an error.
            "ACL failure",
            "Connection closed",
            "TrustAnchor with subject",
            "Unknown Redis command called from",
            "access a channel",
            "access a key",
            "can't run this command",
            "invalid password",
            "max number of clients",
            "no password is set",
            "of the channels",
            "operation not permitted",
            "unknown command",
            "without any password configured",
            "wrong number of arguments for 'auth'");

    /** The beginning of a group in a regular expression, which is no text for users. */
    private static final String REGULAR_EXPRESSION = "(?:";

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
    void of_aTextOfTheEngine_isChineseWithTheSameValues(String english) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);

        String chinese = RecordedText.of(english);

        RecordedTextTest.assertChinese(chinese);
        assertThat(values(english)).allSatisfy(value -> assertThat(chinese).contains(value));
    }

    @Test
    void examples_containAllTextsInTheSourcesOfTheEngine() throws IOException {
        // A format string is divided at its values.
        Set<String> texts = new TreeSet<>();
        for (Path file : sources()) {
            String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
            LITERAL.matcher(JOINED_TEXTS.matcher(code).replaceAll(""))
                    .results()
                    .flatMap(literal -> FORMAT_SPECIFIER.splitAsStream(literal.group(1)))
                    .map(text -> text.replace("\\\"", "\""))
                    .filter(text -> PROSE.matcher(text).matches() && !text.contains(REGULAR_EXPRESSION))
                    .forEach(texts::add);
        }

        // These texts also show that the sources were read.
        assertThat(texts).contains("Try again later.").containsAll(UNSEEN);
        texts.removeAll(UNSEEN);

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

    /** Returns the sources of all texts of the engine that the examples must contain. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.list(ENGINE.resolve(folder))) {
                files.filter(file -> !file.endsWith(USER_COMMAND)).forEach(sources::add);
            }
        }
        FILES.stream().map(ENGINE::resolve).forEach(sources::add);
        return sources;
    }

    /** Returns the values in a text, without those in quoted commands. */
    private static List<String> values(String text) {
        return VALUE.matcher(QUOTED.matcher(text).replaceAll(""))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
