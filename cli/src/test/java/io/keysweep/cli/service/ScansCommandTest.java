package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the requests and the output of the commands for scans. */
final class ScansCommandTest {

    private static final String ID = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";

    /** A scan in a project on hold, as the API shows it. */
    private static final String SCAN =
            "{\"id\":\"" + ID + "\",\"instanceId\":\"" + ID + "\",\"status\":\"running\",\"state\":\"held\","
                    + "\"scanType\":\"manual\",\"visited\":5,\"reclaimed\":2,\"exact\":true,\"fraction\":0.5,"
                    + "\"hold\":\"paused by ann: backup\",\"longestStallMs\":1.25,"
                    + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"version\":3,\"timeoutSeconds\":60,"
                    + "\"pace\":{\"stallBudgetMs\":1.0,\"share\":0.25,\"rateCeiling\":5000,\"tunedBy\":\"bob\"},"
                    + "\"pause\":{\"scope\":\"project\",\"by\":\"ann\",\"why\":\"backup\","
                    + "\"since\":\"2026-01-01T00:00:01Z\"},"
                    + "\"memory\":{},\"databases\":[],\"holds\":[],\"sweeps\":[]}";

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pause  | Pause requested: the scan stops within a second.
            resume | Resume requested. A hold of 'keysweep hold' is still in force.
            cancel | Cancel requested: the scan ends within seconds.
            """)
    void control_withReason_isPostedAndTheScanShown(String verb, String answer) {
        try (StubService service = StubService.answering(200, JSON, SCAN)) {
            run(service, verb, ID, "--reason", "backup");

            StubService.Received request = service.onlyRequest();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/api/v1/scans/" + ID + "/" + verb);
            assertThat(request.body()).isEqualTo("{\"reason\":\"backup\"}");
            assertThat(shell.out())
                    .startsWith(answer + System.lineSeparator())
                    .contains("held           paused by ann: backup (project, since 2026-01-01T00:00:01Z)")
                    .contains("pace           1.0 ms a step, share 0.25, at most 5,000 keys/s (tuned by bob)");
        }
    }

    @Test
    void timeline_severalEvents_hasALineForEachWithoutControlCharacters() {
        String timeline = "{\"events\":["
                + "{\"type\":\"created\",\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"backlog keeper\","
                + "\"why\":\"a pass is due\",\"times\":1},"
                + "{\"type\":\"held\",\"at\":\"2026-01-01T00:00:01Z\",\"until\":\"2026-01-01T00:02:01Z\","
                + "\"by\":\"EKA1\",\"why\":\"incident\\u001b[2J\",\"scope\":\"all\",\"times\":1},"
                + "{\"type\":\"node-lost\",\"at\":\"2026-01-01T00:03:00Z\",\"until\":\"2026-01-01T00:03:05Z\","
                + "\"nodeId\":\"10.0.0.5:6379\",\"why\":\"reconnecting: connection broke\",\"times\":3},"
                + "{\"type\":\"tuned\",\"at\":\"2026-01-01T00:04:00Z\",\"by\":\"EKA2\","
                + "\"detail\":\"profile full\",\"why\":\"time is short\",\"times\":1}],\"omitted\":1234}";
        try (StubService service = StubService.answering(200, JSON, timeline)) {
            run(service, "timeline", ID);

            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/scans/" + ID + "/timeline");
            assertThat(shell.out().lines())
                    .containsExactly(
                            "2026-01-01T00:00:00Z  created by backlog keeper: a pass is due",
                            "2026-01-01T00:00:01Z  held (all projects) by EKA1: incident\\u001b[2J"
                                    + "  (until 2026-01-01T00:02:01Z, 2 min)",
                            "2026-01-01T00:03:00Z  node lost  10.0.0.5:6379: reconnecting: connection broke"
                                    + "  (until 2026-01-01T00:03:05Z, 5 s, 3 times)",
                            "2026-01-01T00:04:00Z  tuned by EKA2  profile full: time is short",
                            "1,234 events were not stored, because the timeline was full");
        }
    }

    @Test
    void create_withOptions_sendsThemToTheNativeApi() {
        try (StubService service = StubService.answering(201, JSON, SCAN)) {
            run(service, "create", ID, "--timeout=2m", "--max-rate=5000");

            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/scans");
            assertThat(service.onlyRequest().body())
                    .contains("\"instanceId\":\"" + ID + "\"", "\"timeoutSeconds\":120", "\"rateCeiling\":5000");
            assertThat(shell.out()).isEqualToIgnoringNewLines(ID);
        }
    }

    /** An answer without a scan is not from Keysweep, but for example from a proxy. */
    @Test
    void create_answerWithoutAScan_isUnreachable() {
        try (StubService proxy = StubService.answering(200, JSON, "{\"status\":\"ok\"}");
                ServiceClient client =
                        new ServiceClient(proxy.access(), shell.context().clock())) {
            assertThatThrownBy(() -> new ScanCalls(client).create(ID, Map.of()))
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
                    .hasMessageContaining("is not from a Keysweep service");
        }
    }

    @Test
    void create_aboveACeiling_namesTheOptionAndHowToApprove() {
        String request = "{\"id\":\"" + ID + "\",\"expiresAt\":\"2026-01-02T00:00:00Z\","
                + "\"above\":\"profile is 'full', must be at most gentle. share is '1', must be at most 0.5.\"}";
        try (StubService service = StubService.answering(202, JSON, request);
                ServiceClient client =
                        new ServiceClient(service.access(), shell.context().clock())) {
            assertThatThrownBy(() -> new ScanCalls(client).create(ID, Map.of()))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessage("the scan waits for approval until 2026-01-02T00:00:00Z: --profile is 'full', must be"
                            + " at most gentle. --share is '1', must be at most 0.5. Another access key approves it"
                            + " with 'keysweep approvals approve " + ID + "'");
        }
    }

    @Test
    void tune_withSomeOptions_sendsOnlyThese() {
        try (StubService service = StubService.answering(200, JSON, SCAN)) {
            run(service, "tune", ID, "--profile=BALANCED", "--share=0.1", "--no-max-rate");

            assertThat(service.onlyRequest().method()).isEqualTo("PATCH");
            assertThat(service.onlyRequest().body())
                    .contains("\"profile\":\"balanced\"", "\"share\":0.1", "\"rateCeiling\":null")
                    .doesNotContain("stallBudgetMs", "reason");
        }
    }

    @Test
    void list_withFilters_sendsThem() {
        try (StubService service = StubService.answering(200, JSON, "{\"scans\":[" + SCAN + "]}")) {
            run(service, "list", "--instance=" + ID, "--status=running", "--limit=7");

            assertThat(service.requests().getFirst().path())
                    .isEqualTo("/api/v1/scans?limit=7&instanceId=" + ID + "&status=running");
            assertThat(shell.out())
                    .contains("ID    ", "INSTANCE    ", "TYPE    STATE  DONE  RECLAIMED  CREATED               NOTE")
                    .contains(ID + "  manual  held   50 %          2  2026-01-01T00:00:00Z  paused by ann: backup");
        }
    }

    @Test
    void list_nothingMatchesTheFilters_namesThem() {
        try (StubService service = StubService.answering(200, JSON, "{\"scans\":[]}")) {
            run(service, "list", "--status=failed", "--type=auto");
            assertThat(shell.err()).isEqualToIgnoringNewLines("No scan matches --status failed --type auto.");
        }
    }

    /** Runs a subcommand of {@code keysweep scans}, which must succeed. */
    private void run(StubService service, String... arguments) {
        assertThat(ScansCommand.withSubcommands(shell.context()).execute(service.arguments(arguments)))
                .isZero();
    }
}
