package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the requests and the output of the commands for instances. */
final class InstancesCommandTest {

    private static final String ID = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";

    /** An instance with revision 3, as the API shows it. */
    private static final String INSTANCE =
            "{\"id\":\"" + ID + "\",\"projectId\":\"p\",\"name\":\"n\",\"uri\":\"redis://h:1\",\"hasPassword\":true,"
                    + "\"hasSentinelPassword\":false,\"tags\":{\"env\":\"prod\"},"
                    + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"revision\":3}";

    /** Settings of a server that assist has left raised. */
    private static final String RAISED = "[{\"address\":\"10.0.0.7:6379\",\"since\":\"2026-01-01T00:00:00Z\","
            + "\"leftover\":true,\"settings\":[{\"name\":\"hz\",\"former\":\"10\",\"raised\":\"500\"}],"
            + "\"commands\":[\"CONFIG SET hz 10\"]}]";

    /** An instance with these settings. */
    private static final String RAISED_INSTANCE =
            INSTANCE.replace("\"revision\"", "\"raisedSettings\":" + RAISED + ",\"revision\"");

    /** The answer to a dry run of {@code apply} with two instances, of which one would be created. */
    private static final String RESULT =
            "{\"dryRun\":true,\"changes\":[{\"name\":\"a\",\"action\":\"created\",\"fields\":[\"schedule\"]},"
                    + "{\"name\":\"b\",\"id\":\"1\",\"action\":\"unchanged\",\"fields\":[]}]}";

    /** An exit code that no command has; it means that the command threw {@link #failure}. */
    private static final int THREW = 99;

    private TestShell shell = new TestShell();
    private @Nullable Exception failure;

    @TempDir
    private Path folder;

    @Test
    void update_givenAndRemovedSettings_areSentAsValuesAndNulls() {
        shell.with("KEYSWEEP_REDIS_PASSWORD", "of other commands");
        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            assertThat(run(service, "update", ID, "--name=m", "--without=node-map,tls-cert", "--if-revision=3"))
                    .isZero();

            StubService.Received patch = service.onlyRequest();
            assertThat(patch.method()).isEqualTo("PATCH");
            assertThat(patch.path()).isEqualTo("/api/v1/instances/" + ID);
            assertThat(patch.ifMatch()).isEqualTo("\"3\"");
            assertThat(patch.body())
                    .contains("\"name\":\"m\"", "\"nodeMap\":null", "\"tlsCertificate\":null", "\"tlsKey\":null")
                    .doesNotContain("password", "uri");
        }
    }

    @ParameterizedTest
    @CsvSource({"--assist, true", "--no-assist, false", "--without=assist, null"})
    void assist_allowedForbiddenOrRemoved_isSentAsTrueFalseOrNull(String option, String json) {
        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            assertThat(run(service, "update", ID, option)).isZero();
            assertThat(service.onlyRequest().body()).isEqualTo("{\"assist\":" + json + "}");
        }
    }

    @Test
    void tags_givenAndRemoved_areSentAsAnObject() {
        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            assertThat(run(service, "update", ID, "--tag=env=prod", "--tag", "note=a=b", "--untag=team"))
                    .isZero();
            assertThat(service.onlyRequest().body())
                    .isEqualTo("{\"tags\":{\"env\":\"prod\",\"note\":\"a=b\",\"team\":null}}");
            assertThat(shell.out()).contains("not reached yet  env=prod");
        }

        try (StubService service = StubService.answering(201, JSON, INSTANCE)) {
            run(service, "add", "n", "redis://h:1", "--tag=env=prod");
            assertThat(service.onlyRequest().body()).contains("\"tags\":{\"env\":\"prod\"}");
        }

        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            run(service, "update", ID, "--without=tags");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"tags\":null}");
        }
    }

    @Test
    void tags_removedAndGiven_areReplaced() {
        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            assertThat(run(service, "update", ID, "--without=tags", "--tag=team=red"))
                    .isZero();
            assertThat(service.requests())
                    .extracting(StubService.Received::method)
                    .containsExactly("GET", "PATCH");

            StubService.Received patch = service.requests().getLast();
            assertThat(patch.body()).isEqualTo("{\"tags\":{\"env\":null,\"team\":\"red\"}}");
            assertThat(patch.ifMatch()).isEqualTo("\"3\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "update i --tag=a=b --untag=a, --tag a and --untag a",
        "estimate i --last --exact, --last and --exact",
        "estimate i --last --sample-primary, --last and --sample-primary"
    })
    void options_thatContradictEachOther_areRefused(String arguments, String options) {
        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            assertThat(run(service, arguments.split(" "))).isEqualTo(THREW);
            assertThat(failure)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining(options + " exclude each other");
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void add_withId_registersTheInstanceUnderIt() {
        try (StubService service = StubService.answering(201, JSON, INSTANCE)) {
            assertThat(run(service, "add", "n", "redis://h:1", "--id=" + ID)).isZero();
            assertThat(service.onlyRequest().body()).contains("\"id\":\"5560df16-cebf-4473-95c4-d1b573c16e79\"");
        }
    }

    @Test
    void update_withPasswordOption_ignoresTheEnvironment() {
        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            run(service, "update", ID, "--password=typed");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"password\":\"typed\"}");
        }
    }

    @Test
    void getAndList_settingsThatAreLeftRaised_areShownWithTheirCommands() {
        try (StubService service = StubService.answering(200, JSON, RAISED_INSTANCE)) {
            assertThat(run(service, "get", ID)).isZero();
            assertThat(shell.out())
                    .contains(
                            "Assist has raised settings of 10.0.0.7:6379, since 2026-01-01T00:00:00Z: hz 10 -> 500",
                            "commands that restore them: CONFIG SET hz 10");
        }

        shell = new TestShell();
        try (StubService service = StubService.answering(200, JSON, "[" + RAISED_INSTANCE + "]")) {
            assertThat(run(service, "list")).isZero();
            assertThat(shell.out()).contains("settings left raised: 10.0.0.7:6379");
        }

        // A service of an earlier version does not send the field.
        shell = new TestShell();
        try (StubService service = StubService.answering(200, JSON, INSTANCE)) {
            assertThat(run(service, "get", ID)).isZero();
            assertThat(shell.out())
                    .contains("n  redis://h:1", "not reached yet")
                    .doesNotContain("raised");
        }
    }

    @Test
    void forgetRaised_printsTheCommandsThatRestoreTheSettings() {
        try (StubService service = StubService.answering(200, JSON, RAISED)) {
            assertThat(run(service, "forget-raised", ID, "--yes")).isZero();
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/" + ID + "/raised-settings");
            assertThat(shell.out()).contains("10.0.0.7:6379", "CONFIG SET hz 10");
        }
    }

    @Test
    void remove_withForce_printsTheCommandsThatRestoreTheSettings() {
        try (StubService service = StubService.answering(200, JSON, "{\"raisedSettings\":" + RAISED + "}")) {
            assertThat(run(service, "remove", ID, "--yes", "--force")).isZero();
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/" + ID + "?force=true");
            assertThat(shell.out()).contains("10.0.0.7:6379", "CONFIG SET hz 10");
        }
    }

    @Test
    void test_sweepableOrRefusedServer_isShownInTextAndExitCode() {
        String sweepable = "{\"sweepable\":true,\"millis\":7,\"primaries\":[{\"nodeId\":\"h:1\",\"flavour\":\"REDIS\","
                + "\"version\":\"7.0.15\",\"method\":\"script: x\",\"keys\":12000,\"usedMemory\":1048576}]}";
        try (StubService service = StubService.answering(200, JSON, sweepable)) {
            assertThat(run(service, "test", ID)).isZero();
            assertThat(shell.out()).contains("A scan can begin (7 ms)", "h:1  Redis 7.0.15  12,000 keys, 1.0 MiB");
        }

        String refusal = "{\"sweepable\":false,\"problem\":\"is a replica\",\"millis\":7,\"primaries\":[]}";
        try (StubService service = StubService.answering(200, JSON, refusal)) {
            assertThat(run(service, "add", "n", "redis://h:1", "--test")).isEqualTo(ExitCode.NOT_SWEEPABLE.number());
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/test");
            assertThat(shell.out()).contains("A scan would be refused: is a replica");
        }

        // With -o id, the output is the id of the new instance only.
        try (StubService service = StubService.answering(200, JSON, sweepable)) {
            shell = new TestShell();
            run(service, "add", "n", "redis://h:1", "--test", "--id=" + ID, "-o", "id");
            assertThat(shell.out().strip()).as("the id, not the name").isEqualTo(ID);
        }
    }

    @Test
    void apply_fileWithReferences_isSentWithItsSecrets() throws IOException {
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
    void apply_prefixThatTheUserAllows_isRead() throws IOException {
        Path file = Files.writeString(
                folder.resolve("f.yaml"), "instances: [{name: a, uri: 'redis://h', password: {env: CACHE_PASSWORD}}]");
        shell.with("CACHE_PASSWORD", "from variable");
        try (StubService service = StubService.answering(200, JSON, RESULT)) {
            assertThat(run(service, "apply", file.toString())).isEqualTo(THREW);
            assertThat(failure).hasMessageContaining("allow it with --allow-env PREFIX");

            // An empty prefix would allow all variables, so it is refused.
            assertThat(run(service, "apply", file.toString(), "--allow-env", ""))
                    .isEqualTo(THREW);
            assertThat(service.requests()).isEmpty();

            assertThat(run(service, "apply", file.toString(), "--allow-env", "CACHE_"))
                    .isZero();
            assertThat(service.onlyRequest().body()).contains("\"password\":\"from variable\"");
        }
    }

    @Test
    void apply_fileWithMissingSecrets_reportsAllAndSendsNothing() {
        shell.withInput("""
                instances:
                  - name: a
                    password: {env: KEYSWEEP_FLEET_NOT_SET}
                    tlsKey: {file: not-there.pem}
                  - name: b
                    password: {vault: x}
                """);
        try (StubService service = StubService.answering(200, JSON, RESULT)) {
            assertThat(run(service, "apply", "-")).isEqualTo(THREW);
            assertThat(failure)
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
    void apply_refusedFields_areReportedWithTheirLines() throws IOException {
        Path file = Files.writeString(folder.resolve("f.yaml"), "instances:\n  - name: a\n    uri: http://h\n");
        String problem = "{\"title\":\"Invalid x in the request.\",\"code\":\"DCS.4800\",\"errors\":["
                + "{\"field\":\"instances[0].uri\",\"detail\":\"instances[0].uri: scheme is wrong.\"},"
                + "{\"field\":\"instances\",\"detail\":\"instances lack 'b'.\"}]}";
        try (StubService service = StubService.answering(400, "application/problem+json", problem)) {
            assertThat(run(service, "apply", file.toString())).isEqualTo(THREW);
            assertThat(failure)
                    .hasMessage("2 problems, so nothing was changed:\n  " + file
                            + ":3: instances[0].uri: scheme is wrong.\n  " + file + ":1: instances lack 'b'.");
        }
    }

    @Test
    void trends_ofLastDays_areATable() {
        String trends = "{\"instanceId\":\"" + ID + "\",\"days\":7,\"points\":[{\"at\":\"2026-11-24T10:00:00Z\","
                + "\"minutes\":60,\"scans\":2,\"reclaimed\":1234,\"visited\":5678,\"deadKeys\":9}]}";
        try (StubService service = StubService.answering(200, JSON, trends)) {
            assertThat(run(service, "trends", ID, "--days=7")).isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/" + ID + "/trends?days=7");
            assertThat(shell.out()).contains("RECLAIMED", "2026-11-24T10:00:00Z", "1,234");
        }

        try (StubService service =
                StubService.answering(200, JSON, "{\"instanceId\":\"" + ID + "\",\"days\":30,\"points\":[]}")) {
            assertThat(run(service, "trends", ID)).isZero();
            assertThat(service.onlyRequest().path()).endsWith("/trends?days=30");
        }
    }

    /** Runs a subcommand of {@code keysweep instances}, and returns its exit code or {@link #THREW}. */
    private int run(StubService service, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(service.options());
        return InstancesCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler((thrown, line, parsed) -> {
                    failure = thrown;
                    return THREW;
                })
                .execute(words.toArray(String[]::new));
    }
}
