package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Tests the requests and the output of the commands that control scans. */
final class ControlCommandsTest {

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

    /** A global hold, as the API shows it. */
    private static final String HOLD =
            "{\"scope\":\"all\",\"by\":\"ann\",\"why\":\"incident\",\"since\":\"2026-01-01T00:00:01Z\"}";

    private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    /** The list of instances, which has the instance "orders" only. */
    private static final StubService.Answer INSTANCES = new StubService.Answer(
            200,
            JSON,
            "[{\"id\":\"i-1\",\"projectId\":\"p\",\"name\":\"orders\",\"uri\":\"redis://h:1\","
                    + "\"hasPassword\":false,\"hasSentinelPassword\":false,\"tags\":{},"
                    + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"revision\":1}]");

    /** The list of approvals: a rejected one, and one that is still pending. */
    private static final StubService.Answer APPROVALS =
            new StubService.Answer(200, JSON, "[" + approval("old", "rejected") + "," + approval(ID, "pending") + "]");

    /** The answer to the approval, which has created a scan. */
    private static final StubService.Answer APPROVED = new StubService.Answer(
            200, JSON, approval(ID, "approved").replace("\"instanceId\"", "\"scanId\":\"scan-1\",\"instanceId\""));

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @CsvSource({"pause", "resume", "cancel"})
    void control_withReason_isPostedAndTheScanShown(String verb) {
        try (StubService service = StubService.answering(200, JSON, SCAN)) {
            run(service, ScansCommand.withSubcommands(shell.context()), verb, ID, "--reason", "backup");

            StubService.Received request = service.onlyRequest();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/api/v1/scans/" + ID + "/" + verb);
            assertThat(request.body()).isEqualTo("{\"reason\":\"backup\"}");
            assertThat(shell.out())
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
            run(service, ScansCommand.withSubcommands(shell.context()), "timeline", ID);

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
            run(
                    service,
                    ScansCommand.withSubcommands(shell.context()),
                    "create",
                    ID,
                    "--timeout=2m",
                    "--max-rate=5000");

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
    void approve_byTheNameOfTheInstance_decidesAboutItsOpenRequest() {
        try (StubService service = StubService.answeringInTurn(INSTANCES, APPROVALS, APPROVED)) {
            run(service, ApprovalsCommand.withSubcommands(shell.context()), "approve", "orders", "--reason=INC-7");

            assertThat(service.requests().getLast().path()).isEqualTo("/api/v1/approvals/" + ID + "/approve");
            assertThat(service.requests().getLast().body()).isEqualTo("{\"reason\":\"INC-7\"}");
            assertThat(shell.out()).isEqualToIgnoringNewLines("scan-1");
        }
    }

    @Test
    void approvals_listed_showTheNamesOfInstances() {
        try (StubService service = StubService.answeringInTurn(APPROVALS, INSTANCES)) {
            run(service, ApprovalsCommand.withSubcommands(shell.context()), "list");

            assertThat(shell.out())
                    .contains("ID    ", "STATE     INSTANCE  ASKED")
                    .contains(ID + "  pending   orders    profile full")
                    .contains("old                                   rejected  orders    profile full");
        }
    }

    @Test
    void tune_withSomeOptions_sendsOnlyThese() {
        try (StubService service = StubService.answering(200, JSON, SCAN)) {
            run(
                    service,
                    ScansCommand.withSubcommands(shell.context()),
                    "tune",
                    ID,
                    "--profile=BALANCED",
                    "--share=0.1",
                    "--no-max-rate");

            assertThat(service.onlyRequest().method()).isEqualTo("PATCH");
            assertThat(service.onlyRequest().body())
                    .contains("\"profile\":\"balanced\"", "\"share\":0.1", "\"rateCeiling\":null")
                    .doesNotContain("stallBudgetMs", "reason");
        }
    }

    @Test
    void list_withFilters_sendsThem() {
        try (StubService service = StubService.answering(200, JSON, "{\"scans\":[" + SCAN + "]}")) {
            run(
                    service,
                    ScansCommand.withSubcommands(shell.context()),
                    "list",
                    "--instance=" + ID,
                    "--status=running",
                    "--limit=7");

            assertThat(service.requests().getFirst().path())
                    .isEqualTo("/api/v1/scans?limit=7&instanceId=" + ID + "&status=running");
            assertThat(shell.out())
                    .contains("ID    ", "INSTANCE    ", "TYPE    STATE  DONE  RECLAIMED  CREATED               NOTE")
                    .contains(ID + "  manual  held   50 %          2  2026-01-01T00:00:00Z  paused by ann: backup");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', /api/v1/hold",
        "--project, /api/v1/projects/project/hold",
        "--project=0a1b2c3d4e5f60718293a4b5c6d7e8f9, /api/v1/projects/0a1b2c3d4e5f60718293a4b5c6d7e8f9/hold",
    })
    void holdAndRelease_withScope_callThatScope(String option, String path) {
        List<String> options = option.isEmpty() ? List.of() : List.of(option);
        try (StubService service = StubService.answering(200, JSON, HOLD)) {
            run(service, new CommandLine(new HoldCommands.Hold(shell.context())), options.toArray(String[]::new));
            assertThat(service.onlyRequest().method()).isEqualTo("PUT");
            assertThat(service.onlyRequest().path()).isEqualTo(path);
            assertThat(shell.out()).contains("everything  held by ann: incident  since 2026-01-01T00:00:01Z");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, new CommandLine(new HoldCommands.Release(shell.context())), options.toArray(String[]::new));
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo(path);
        }
    }

    @Test
    void hold_ofAProjectWithoutAName_isRefused() {
        // A script whose variable is not set passes an empty name.
        try (StubService service = StubService.answering(200, JSON, "[]")) {
            HoldCommands.Hold hold = new HoldCommands.Hold(shell.context());
            List<String> arguments = new ArrayList<>(service.options());
            arguments.addAll(List.of("--project", ""));
            CommandLine.populateCommand(hold, arguments.toArray(String[]::new));

            assertThatThrownBy(hold::call)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("there is no project ''");
            assertThat(service.requests()).noneMatch(request -> request.method().equals("PUT"));
        }
    }

    @Test
    void hold_asJson_isTheHold() {
        try (StubService service = StubService.answering(200, JSON, HOLD)) {
            run(service, new CommandLine(new HoldCommands.Hold(shell.context())), "-o", "json");
            assertThat(shell.out()).startsWith("{").contains("\"scope\":\"all\"", "\"why\":\"incident\"");
        }
    }

    @Test
    void holds_listed_areOneOnEachLine() {
        try (StubService service = StubService.answering(200, JSON, "[" + HOLD + "]")) {
            run(service, new CommandLine(new HoldCommands.Holds(shell.context())));
            assertThat(shell.out()).contains("everything  ann  incident  2026-01-01T00:00:01Z");
        }
    }

    @Test
    void holds_asNames_areArgumentsOfRelease() {
        String hold = HOLD.replace("\"all\"", "\"project\",\"projectId\":\"" + PROJECT + "\"");
        try (StubService service = StubService.answering(200, JSON, "[" + hold + "]")) {
            run(service, new CommandLine(new HoldCommands.Holds(shell.context())), "-o", "name");
            assertThat(shell.out()).isEqualToIgnoringNewLines(PROJECT);
        }
    }

    @Test
    void workers_listed_areOneOnEachLineWithTheirSweepsBelow() {
        String workers = "[{\"id\":\"w\",\"host\":\"h\",\"pid\":7,\"roles\":[\"api\",\"worker\"],\"threads\":8,"
                + "\"version\":\"1\",\"startedAt\":\"2026-01-01T00:00:00Z\","
                + "\"heartbeatAt\":\"2026-01-01T00:00:05Z\",\"status\":\"missed\","
                + "\"sweeps\":[{\"scanId\":\"s\",\"instanceId\":\"i\",\"nodeId\":\"n:1\","
                + "\"since\":\"2026-01-01T00:00:01Z\"}]}]";
        try (StubService service = StubService.answering(200, JSON, workers)) {
            run(service, new CommandLine(new WorkersCommand(shell.context())));
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/workers");
            assertThat(shell.out().lines())
                    .containsExactly(
                            "HOST  PID  ROLES       STATUS  SWEEPS  STARTED               HEARTBEAT             VERSION",
                            "h     7    api worker  missed       1  2026-01-01T00:00:00Z  2026-01-01T00:00:05Z  1");
        }

        try (StubService service = StubService.answering(200, JSON, workers)) {
            run(service, new CommandLine(new WorkersCommand(shell.context())), "--json");
            assertThat(shell.out()).contains("\"status\":\"missed\"");
        }
    }

    private static String approval(String id, String state) {
        return "{\"id\":\"" + id + "\",\"state\":\"" + state + "\",\"instanceId\":\"i-1\","
                + "\"asked\":\"profile full\",\"above\":\"profile is 'full'.\",\"requestedBy\":\"EKA1\","
                + "\"requestedAt\":\"2026-01-01T00:00:00Z\",\"expiresAt\":\"2026-01-02T00:00:00Z\"}";
    }

    /** Runs a command that must succeed. */
    private static void run(StubService service, CommandLine command, String... arguments) {
        ServiceAccess access = service.access();
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of(
                "--endpoint=" + access.endpoint(),
                "--project-id=" + access.projectId(),
                "--access-key=" + access.accessKey(),
                "--secret-key=" + access.secretKey()));
        command.setCaseInsensitiveEnumValuesAllowed(true);

        assertThat(command.execute(words.toArray(String[]::new))).isZero();
    }
}
