package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;
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

    /** An estimate of the dead keys of an instance, with an advice. */
    private static final String ESTIMATE =
            "{\"instanceId\":\"i\",\"by\":\"AK\",\"madeAt\":\"2026-01-01T00:00:00Z\",\"dead\":1200,"
                    + "\"deadBytes\":2097152,\"exact\":false,"
                    + "\"primaries\":[{\"nodeId\":\"h:1\",\"countedOn\":\"h:2\",\"method\":\"REPLICA_SAMPLE\","
                    + "\"keys\":5000,\"volatileKeys\":4000,\"dead\":1200,\"lowest\":1100,\"highest\":1300,"
                    + "\"exact\":false,\"sampledKeys\":500,\"reclaimed\":0,"
                    + "\"sweepSeconds\":{\"gentle\":4.0,\"balanced\":2.0,\"full\":1.0}}],\"advice\":{\"action\":\"PASSES\",\"sentence\":\"Sweep"
                    + " every 6 h.\",\"basis\":\"A measurement.\","
                    + "\"toleratedBacklog\":1000,\"inflowKnown\":true,\"options\":[{\"action\":\"PASSES\","
                    + "\"expectedBacklog\":900,\"serverSecondsPerDay\":12.0,\"longestPauseMillis\":0.5,"
                    + "\"intervalSeconds\":21600,\"enough\":true}]}}";

    private final FailureRecorder failures = new FailureRecorder();
    private TestShell shell = new TestShell();

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
            assertThat(run(service, arguments.split(" "))).isEqualTo(FailureRecorder.THREW);
            assertThat(failures.latest())
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

    @Test
    void estimate_newOrLast_isShown() {
        try (StubService service = StubService.answering(200, JSON, ESTIMATE)) {
            assertThat(run(service, "estimate", ID, "--exact")).isZero();
            assertThat(service.onlyRequest().method()).isEqualTo("POST");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/" + ID + "/estimates");
            assertThat(service.onlyRequest().body()).startsWith("{\"exact\":true,\"samplePrimary\":false,");
            assertThat(shell.out())
                    .contains("Backlog as of 2026-01-01T00:00:00Z: about 1,200 dead keys, about 2.0 MiB")
                    .contains("h:1  1,200 (1,100 to 1,300) of 4,000 keys with a TTL, read on h:2; a sweep takes about"
                            + " 4 s (gentle), 2 s (balanced), 1 s (full)")
                    .contains("  advice: Sweep every 6 h.", "  basis: A measurement.")
                    .contains("    passes (every 6 h): 900 dead keys, about 12 s of the server's time a day, pauses up"
                            + " to 0.5 ms");
        }

        try (StubService service = StubService.answering(200, JSON, ESTIMATE)) {
            assertThat(run(service, "estimate", ID, "--last")).isZero();
            assertThat(service.onlyRequest().method()).isEqualTo("GET");
        }
    }

    /** Runs a subcommand of {@code keysweep instances}, and returns its exit code or {@link FailureRecorder#THREW}. */
    private int run(StubService service, String... arguments) {
        return InstancesCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler(failures)
                .execute(service.arguments(arguments));
    }
}
