package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code keysweep instances apply}: secrets in the document, and problems with its lines. */
final class InstancesApplyCommandTest {

    private static final String JSON = "application/json";

    /** The answer to a dry run of {@code apply} with two instances, of which one would be created. */
    private static final String RESULT =
            "{\"dryRun\":true,\"changes\":[{\"name\":\"a\",\"action\":\"created\",\"fields\":[\"schedule\"]},"
                    + "{\"name\":\"b\",\"id\":\"1\",\"action\":\"unchanged\",\"fields\":[]}]}";

    private final FailureRecorder failures = new FailureRecorder();
    private TestShell shell = new TestShell();

    @TempDir
    private Path folder;

    @Test
    void fileWithReferences_isSentWithItsSecrets() throws IOException {
        Files.writeString(folder.resolve("secret"), "from file\n");
        Path file = Files.writeString(folder.resolve("fleet.yaml"), """
                instances:
                  - name: a
                    uri: redis://h:1
                    password: {env: KEYSWEEP_FLEET_ORDERS}
                    sentinelPassword: {file: secret}
                    windows: {windows: [{days: [monday], from: 22:00, until: 05:00}]}
                """);
        shell.with("KEYSWEEP_FLEET_ORDERS", "from variable");

        // The request contains the secrets, and the output names only the references.
        try (StubService service = StubService.answering(200, JSON, RESULT)) {
            assertThat(run(service, "apply", file.toString(), "--dry-run")).isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/apply?dryRun=true&prune=false");
            assertThat(service.onlyRequest().body())
                    .contains(
                            "\"password\":\"from variable\"",
                            "\"sentinelPassword\":\"from file\"",
                            "\"from\":\"22:00\"");
            assertThat(shell.out().lines())
                    .containsExactly(
                            "created   a: schedule",
                            "unchanged b",
                            "A dry run: 1 of 2 would change.",
                            "secret    a: password from variable KEYSWEEP_FLEET_ORDERS",
                            "secret    a: sentinelPassword from file secret");
        }

        // With JSON, the references to secrets go to standard error.
        TestShell jsonShell =
                new TestShell().withHome(folder.resolve("home")).with("KEYSWEEP_FLEET_ORDERS", "from variable");
        try (StubService service = StubService.answering(200, JSON, RESULT)) {
            shell = jsonShell;
            assertThat(run(service, "apply", file.toString(), "--dry-run", "--json"))
                    .isZero();
            assertThat(jsonShell.out()).startsWith("{").doesNotContain("KEYSWEEP_FLEET_ORDERS");
            assertThat(jsonShell.err()).contains("a: password from variable KEYSWEEP_FLEET_ORDERS");
        }

        assertThat(jsonShell.out() + jsonShell.err()).doesNotContain("from variable\"", "from file\n");
    }

    @Test
    void prefixThatTheUserAllows_isRead() throws IOException {
        Path file = Files.writeString(
                folder.resolve("f.yaml"), "instances: [{name: a, uri: 'redis://h', password: {env: CACHE_PASSWORD}}]");
        shell.with("CACHE_PASSWORD", "from variable");
        try (StubService service = StubService.answering(200, JSON, RESULT)) {
            assertThat(run(service, "apply", file.toString())).isEqualTo(FailureRecorder.THREW);
            assertThat(failures.latest()).hasMessageContaining("allow it with --allow-env PREFIX");

            // An empty prefix would allow all variables, so it is refused.
            assertThat(run(service, "apply", file.toString(), "--allow-env", ""))
                    .isEqualTo(FailureRecorder.THREW);
            assertThat(service.requests()).isEmpty();

            assertThat(run(service, "apply", file.toString(), "--allow-env", "CACHE_"))
                    .isZero();
            assertThat(service.onlyRequest().body()).contains("\"password\":\"from variable\"");
        }
    }

    @Test
    void fileWithMissingSecrets_reportsAllAndSendsNothing() {
        shell.withInput("""
                instances:
                  - name: a
                    password: {env: KEYSWEEP_FLEET_NOT_SET}
                    tlsKey: {file: not-there.pem}
                  - name: b
                    password: {vault: x}
                """);
        try (StubService service = StubService.answering(200, JSON, RESULT)) {
            assertThat(run(service, "apply", "-")).isEqualTo(FailureRecorder.THREW);
            assertThat(failures.latest())
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("3 problems, so nothing was changed:")
                    .hasMessageContaining(
                            "standard input:3: instances[0].password: variable 'KEYSWEEP_FLEET_NOT_SET' is not set")
                    .hasMessageContaining("standard input:4: instances[0].tlsKey: file 'not-there.pem' does not exist")
                    .hasMessageContaining("standard input:6: instances[1].password must be a text, {env: VARIABLE} or");
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void refusedFields_areReportedWithTheirLines() throws IOException {
        Path file = Files.writeString(folder.resolve("f.yaml"), "instances:\n  - name: a\n    uri: http://h\n");
        String problem = "{\"title\":\"Invalid x in the request.\",\"code\":\"DCS.4800\",\"errors\":["
                + "{\"field\":\"instances[0].uri\",\"detail\":\"instances[0].uri: scheme is wrong.\"},"
                + "{\"field\":\"instances\",\"detail\":\"instances lack 'b'.\"}]}";
        try (StubService service = StubService.answering(400, "application/problem+json", problem)) {
            assertThat(run(service, "apply", file.toString())).isEqualTo(FailureRecorder.THREW);
            assertThat(failures.latest())
                    .hasMessage("2 problems, so nothing was changed:\n  " + file
                            + ":3: instances[0].uri: scheme is wrong.\n  " + file + ":1: instances lack 'b'.");
        }
    }

    /** Runs {@code keysweep instances apply}, and returns its exit code or {@link FailureRecorder#THREW}. */
    private int run(StubService service, String... arguments) {
        return InstancesCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler(failures)
                .execute(service.arguments(arguments));
    }
}
