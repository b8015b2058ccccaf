package io.keysweep.testkit.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the pages about security name only tests that exist, and a test for each threat. */
class SecurityDocumentTest {

    /** Matches the name of a test class as the pages write it. */
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT|Contract))`");

    /** Matches the row of a threat, such as T12, in the table of threats. */
    private static final Pattern THREAT = Pattern.compile("\\| T\\d+ .*");

    @Test
    void tests_thatTheDocumentsName_exist() throws IOException {
        String documents = Files.readString(document("security.md")) + Files.readString(document("asvs.md"));
        Set<String> namedTests = TEST.matcher(documents)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        // If the pattern no longer matched the names, the test would compare nothing.
        assertThat(namedTests).hasSizeGreaterThan(20);

        namedTests.removeAll(existingTests());

        assertThat(namedTests)
                .as("the tests that the documents name although they do not exist")
                .isEmpty();
    }

    @Test
    void threats_ofTheDocument_haveATest() throws IOException {
        List<String> threats = Files.readAllLines(document("security.md")).stream()
                .filter(line -> THREAT.matcher(line).matches())
                .toList();
        assertThat(threats)
                .hasSizeGreaterThan(15)
                .allMatch(line -> TEST.matcher(line).find());
    }

    /** Returns the path of a page of the documentation. */
    private static Path document(String name) {
        return SourceFiles.root().resolve("docs").resolve(name);
    }

    /** Returns the names of all files with tests, without their extension. */
    private static Set<String> existingTests() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : SourceFiles.ALL) {
            Path tests = SourceFiles.root().resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> name.endsWith(".java"))
                            .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
                }
            }
        }
        return names;
    }
}
