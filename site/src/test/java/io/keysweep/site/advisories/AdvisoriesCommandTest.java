package io.keysweep.site.advisories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests what {@code dev/advisories} prints about a release, and its exit codes.
 *
 * <p>The libraries and the advisories (reports about vulnerable versions) are invented.
 */
class AdvisoriesCommandTest {

    /** The list of the release's libraries, one of them nested in another. */
    private static final String SBOM = """
            {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
              {"name": "keysweep-engine", "purl": "pkg:maven/io.keysweep/keysweep-engine@0.1.0?type=jar"},
              {"name": "anvil", "purl": "pkg:maven/org.example/anvil@1.10.0?type=jar",
               "components": [{"name": "spring", "purl": "pkg:maven/org.example/spring@2.0-rc1?type=jar"}]},
              {"name": "paint", "purl": "pkg:maven/org.webjars.npm/paint__red@2.0.0-beta.11?type=jar"},
              {"name": "a file without purl"}]}
            """;

    /** An advisory that affects no library of the list. Because of it, there is data for Maven and for npm. */
    private static final String UNRELATED_ADVISORY = """
            {"id": "X-0", "affected": [
              {"package": {"ecosystem": "Maven", "name": "org.example:other"}, "versions": ["1"]},
              {"package": {"ecosystem": "npm", "name": "other"}, "versions": ["1"]},
              {"package": {"ecosystem": "PyPI", "name": "org.example:anvil"}, "versions": ["1.10.0"]}]}
            """;

    @TempDir
    private Path folder;

    private Path data;
    private Path sbom;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writeFiles() throws IOException {
        data = Files.createDirectories(folder.resolve("data/maven"));
        sbom = Files.writeString(folder.resolve("list.cdx.json"), SBOM);
        Files.writeString(data.resolve("others.json"), UNRELATED_ADVISORY);
        Files.writeString(data.resolve("README.txt"), "no advisory");
    }

    @Test
    void run_advisoriesThatAffectNothing_endsWith0() {
        assertThat(run()).isZero();
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).isEqualTo("1 advisories checked, 0 affect a library\n");
    }

    @Test
    void run_advisoriesThatAffectLibraries_arePrintedWithTheFixedVersionAndEndWith1() throws IOException {
        writeAdvisory("A-1", "Maven", "org.example:anvil", "{\"introduced\": \"0\"}, {\"fixed\": \"1.11\"}");
        writeAdvisory("A-2", "npm", "@paint/red", "{\"introduced\": \"2.0.0-beta.2\"}");
        writeAdvisory("A-3", "Maven", "org.example:spring", "{\"introduced\": \"2.0\"}");

        // The release has spring 2.0-rc1, which is before 2.0. So A-3 does not affect it.
        assertThat(run()).isEqualTo(1);
        assertThat(text(out)).isEqualTo("""
                Maven org.example:anvil 1.10.0  A-1 (CVE-A-1)  Anvils fall down  fixed in 1.11
                npm @paint/red 2.0.0-beta.11  A-2 (CVE-A-2)  Anvils fall down  fixed in none
                """);
        assertThat(text(err)).endsWith("4 advisories checked, 2 affect a library\n");
    }

    @Test
    void run_zipFileThatHasAnAdvisoryTwice_printsItOnce() throws IOException {
        Path zip = folder.resolve("all.zip");
        String advisory = document("A-1", "Maven", "org.example:anvil", "{\"introduced\": \"0\"}");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(file)) {
            for (String name : List.of("one.json", "two.json", "three.txt")) {
                entries.putNextEntry(new ZipEntry(name));
                entries.write(advisory.getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThat(run("--sbom", sbom.toString(), zip.toString(), data.toString()))
                .isEqualTo(1);
        assertThat(text(out).lines()).hasSize(1);
    }

    @Test
    void run_withdrawnAdvisory_isLeftOut() throws IOException {
        Files.writeString(
                data.resolve("a.json"),
                document("A-1", "Maven", "org.example:anvil", "{\"introduced\": \"0\"}")
                        .replace("\"id\"", "\"withdrawn\": \"2026-01-01T00:00:00Z\", \"id\""));

        assertThat(run()).isZero();
    }

    @Test
    void run_ignoredAdvisory_isLeftOutUntilTheEndOfItsDate() throws IOException {
        writeAdvisory("A-1", "Maven", "org.example:anvil", "{\"introduced\": \"0\"}");
        Path ignore = Files.writeString(
                folder.resolve("ignore.txt"), "# why\n\nCVE-A-1 2026-11-29 nobody calls the method\n");
        String[] arguments = {"--sbom", sbom.toString(), "--ignore", ignore.toString(), data.toString()};

        // The command runs on 2026-11-29, the last day on which the advisory is ignored.
        assertThat(run(arguments)).isZero();
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).contains("ignored until 2026-11-29 (nobody calls the method): Maven org.example:anvil");

        // The last day was yesterday.
        Files.writeString(ignore, "A-1 2026-11-28 nobody calls the method\n");
        assertThat(run(arguments)).isEqualTo(1);
        assertThat(text(err)).contains("A-1 counts again, since it was ignored only until 2026-11-28");

        // The line has no valid date.
        Files.writeString(ignore, "A-1 tomorrow no\n");
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(text(err)).contains("line 1 has the date 'tomorrow', must be YYYY-MM-DD");

        // The line has no reason.
        Files.writeString(ignore, "A-1 2026-11-28\n");
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(text(err)).contains("line 1 must be ID YYYY-MM-DD REASON");
    }

    @Test
    void run_malformedFiles_areNamedAndEndWith2() throws IOException {
        Files.writeString(data.resolve("b1.json"), "{");
        Files.writeString(data.resolve("b2.json"), "[]");
        Files.writeString(data.resolve("b3.json"), "{\"affected\": []}");
        Files.writeString(data.resolve("b4.json"), document("B-4", "Maven", "m:n", "{\"fixed\": \"1\"}"));
        Files.writeString(data.resolve("b5.json"), document("B-5", "Maven", "m:n", "{\"unknown\": \"1\"}"));
        writeAdvisory("B-6", "npm", "@paint/red", "{\"introduced\": \"one\"}");

        assertThat(run()).isEqualTo(2);
        assertThat(text(err).lines().filter(line -> line.startsWith("could not be read: ")))
                .hasSize(6)
                .anyMatch(line -> line.contains("b1.json: it is no JSON: "))
                .anyMatch(line -> line.endsWith("b2.json: it is no JSON object"))
                .anyMatch(line -> line.endsWith("b3.json: id is missing, or no text"))
                .anyMatch(line -> line.endsWith("b4.json: a range has no event introduced"))
                .anyMatch(line ->
                        line.endsWith("b5.json: an event has none of introduced, fixed, last_affected and limit"))
                .anyMatch(line -> line.endsWith("B-6.json: 'one' is not a semantic version"));

        // If an advisory also affects a library, the exit code says that.
        writeAdvisory("A-1", "Maven", "org.example:anvil", "{\"introduced\": \"0\"}");
        assertThat(run())
                .as("the exit code for an advisory that affects a library, in spite of unreadable files")
                .isEqualTo(1);
    }

    @Test
    void run_dataIsMissing_saysSoInOneSentenceAndEndsWith2() throws IOException {
        // The argument with the advisories is missing.
        assertThat(run("--sbom", sbom.toString())).isEqualTo(2);
        assertThat(text(err)).startsWith("advisories: there are no advisories to check: name a folder or zip file");

        // The option with the list of libraries is missing.
        assertThat(run(data.toString())).isEqualTo(2);
        assertThat(text(err)).startsWith("advisories: there is no list of libraries");

        // The folder has no advisories.
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThat(run("--sbom", sbom.toString(), empty.toString())).isEqualTo(2);
        assertThat(text(err))
                .isEqualTo("advisories: there are no advisories to check: no file of them ends in .json\n");

        // The zip file does not exist.
        assertThat(run("--sbom", sbom.toString(), folder.resolve("missing.zip").toString()))
                .isEqualTo(2);
        assertThat(text(err)).contains("there is no file or folder ");

        // The command has no such option.
        assertThat(run("--unknown")).isEqualTo(2);
        assertThat(text(err)).contains("usage: ");

        // No advisory is about npm, but the release has a library of npm.
        Files.writeString(
                data.resolve("others.json"), document("X-1", "Maven", "org.example:other", "{\"introduced\": \"0\"}"));
        assertThat(run()).isEqualTo(2);
        assertThat(text(err)).contains("no advisory about npm was given");

        // The release has no libraries.
        Files.writeString(sbom, "{\"bomFormat\": \"CycloneDX\"}");
        assertThat(run()).isEqualTo(2);
        assertThat(text(err)).contains("it lists no library of Maven or npm");
    }

    @Test
    void run_summaryWithControlCharacters_isPrintedAsOneHarmlessLine() throws IOException {
        Files.writeString(
                data.resolve("a.json"),
                document("A-1", "Maven", "org.example:anvil", "{\"introduced\": \"0\"}")
                        .replace("Anvils fall down", "Anvils\\n\\u001b[31mfall"));

        assertThat(run()).isEqualTo(1);
        assertThat(text(out)).contains("  Anvils [31mfall  fixed in none");
    }

    /** Writes an advisory about one library; {@code events} are the events of its range of versions. */
    private void writeAdvisory(String id, String ecosystem, String name, String events) throws IOException {
        Files.writeString(data.resolve(id + ".json"), document(id, ecosystem, name, events));
    }

    /** Returns an advisory about one library as JSON. */
    private static String document(String id, String ecosystem, String name, String events) {
        return """
                {"id": "%s", "aliases": ["CVE-%s"], "summary": "Anvils fall down", "affected": [
                  {"package": {"ecosystem": "%s", "name": "%s"}, "ranges": [{"type": "ECOSYSTEM", "events": [%s]}]}]}
                """.formatted(id, id, ecosystem, name, events);
    }

    /** Runs the command with the list of libraries and the folder of advisories, and returns its exit code. */
    private int run() {
        return run("--sbom", sbom.toString(), data.toString());
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new AdvisoriesCommand(
                        new PrintStream(out, /* autoFlush= */ true, StandardCharsets.UTF_8),
                        new PrintStream(err, /* autoFlush= */ true, StandardCharsets.UTF_8),
                        LocalDate.parse("2026-11-29"))
                .run(List.of(arguments));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
