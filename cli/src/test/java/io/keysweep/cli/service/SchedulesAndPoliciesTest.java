package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests the requests and the output of the commands for schedules and policies. */
final class SchedulesAndPoliciesTest {

    private static final String ID = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String JSON = "application/json";

    private final TestShell shell = new TestShell();
    private final FailureRecorder failures = new FailureRecorder();

    @Test
    void schedule_set_keepsOtherSettingsAndSendsTheVersion() {
        String schedule =
                "{\"document\":{\"enabled\":true,\"firstScanAt\":\"2026-01-02T00:00:00Z\",\"intervalSeconds\":3600,"
                        + "\"timeoutSeconds\":7200,\"scanKeysCount\":50},\"nextStartAt\":\"2026-01-02T00:00:00Z\","
                        + "\"version\":4}";
        try (StubService service = StubService.answering(200, JSON, schedule)) {
            // The timeout stays twice the interval.
            assertThat(schedule(service, "set", ID, "--every=1d")).isZero();

            StubService.Received put = service.requests().getLast();
            assertThat(put.path()).isEqualTo("/api/v1/instances/" + ID + "/schedule");
            assertThat(put.ifMatch()).isEqualTo("\"4\"");
            assertThat(put.body())
                    .contains("\"intervalSeconds\":86400", "\"timeoutSeconds\":172800", "\"scanKeysCount\":50")
                    .contains("\"firstScanAt\":\"2026-01-02T00:00:00Z\"", "\"enabled\":true");

            // The stub always answers with the stored schedule, so the output has the old interval.
            assertThat(shell.out())
                    .contains("on, the next scan starts 2026-01-02T00:00:00Z", "  every    1 h", "  timeout  2 h");
            assertThat(schedule(service, "off", ID)).isZero();
            assertThat(service.requests().getLast().body()).contains("\"enabled\":false");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--every=30ms", "--every=1500ms", "--timeout=500ms"})
    void schedule_timeWithAFractionOfASecond_isRefused(String option) {
        try (StubService service = StubService.answering(200, JSON, "{}")) {
            assertThat(schedule(service, "set", ID, option)).isNotZero();

            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void policies_setRemoveAndGet_callTheProjectOrTheInstance() {
        shell.withInput("timeZone: Europe/Berlin\n");
        try (StubService service = StubService.answering(200, JSON, "{\"version\":1}")) {
            assertThat(policy(PolicyType.WINDOWS, service, "set", "--instance=" + ID))
                    .isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/" + ID + "/windows");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"timeZone\":\"Europe/Berlin\"}");
            assertThat(service.onlyRequest().ifMatch()).isEqualTo("null");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            assertThat(policy(PolicyType.START_POLICY, service, "remove", "--yes", "--of-project=" + PROJECT))
                    .isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/" + PROJECT + "/start-policy");

            assertThat(policy(PolicyType.BUDGET, service, "remove", "--yes", "--if-version=4"))
                    .isZero();
            assertThat(service.requests().getLast().ifMatch()).isEqualTo("\"4\"");

            // Only a project has a budget.
            assertThat(policy(PolicyType.BUDGET, service, "remove", "--yes", "--instance=" + ID))
                    .isEqualTo(ExitCode.USAGE.number());
        }

        String view = "{\"source\":\"project\",\"document\":{\"sweeps\":3},\"setBy\":\"AK\",\"version\":3}";
        try (StubService service = StubService.answering(200, JSON, view)) {
            assertThat(policy(PolicyType.BUDGET, service, "get")).isZero();
            // The project of the stub has the id "project".
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/budget");
            assertThat(shell.out().replaceAll("\\s", "")).isEqualTo("{\"sweeps\":3}");
            assertThat(shell.err()).contains("Set for the project by AK. Version 3.");
        }
    }

    @Test
    void ceilings_get_showsTheDocumentAndTheCeilingsInForce() {
        String view = "{\"document\":{\"maxShare\":0.5},\"inForce\":[{\"field\":\"maxShare\",\"value\":\"0.1\","
                + "\"owner\":\"the tag env=prod\"},{\"field\":\"namesStay\",\"value\":\"true\","
                + "\"owner\":\"the project\"}],\"version\":3}";
        try (StubService service = StubService.answering(200, JSON, view)) {
            assertThat(policy(PolicyType.CEILINGS, service, "get", "--instance=" + ID))
                    .isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/" + ID + "/ceilings");
            assertThat(shell.out().replaceAll("\\s", "")).isEqualTo("{\"maxShare\":0.5}");
            assertThat(shell.err())
                    .contains("No ceilings are set here. In force: maxShare 0.1 (the tag env=prod), namesStay true (the"
                            + " project). Version 3.");
        }
    }

    @Test
    void windows_get_saysWhetherSweepsMayRun() {
        String view = "{\"source\":\"none\",\"document\":{},\"open\":true,\"version\":0}";
        try (StubService service = StubService.answering(200, JSON, view)) {
            policy(PolicyType.WINDOWS, service, "get");
            assertThat(shell.err()).contains("No windows are set. Sweeps may run now. Version 0.");
        }
        view = "{\"source\":\"instance\",\"document\":{},\"open\":false,\"nextChange\":\"2026-01-02T22:00:00Z\","
                + "\"setBy\":\"AK\",\"setAt\":\"2026-01-01T00:00:00Z\",\"version\":2}";
        try (StubService service = StubService.answering(200, JSON, view)) {
            policy(PolicyType.WINDOWS, service, "get", "--instance=" + ID);
            assertThat(shell.err())
                    .contains("Set for the instance by AK at 2026-01-01T00:00:00Z. Sweeps may not run now, until"
                            + " 2026-01-02T22:00:00Z. Version 2.");
        }
    }

    @Test
    void policy_getNameOrId_isTheNameOrIdOfTheOwner() {
        StubService.Answer view =
                new StubService.Answer(200, JSON, "{\"document\":{\"maxShare\":0.5},\"inForce\":[],\"version\":3}");
        StubService.Answer projects = new StubService.Answer(
                200,
                JSON,
                "[{\"id\":\"project\",\"name\":\"team\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"version\":1}]");
        try (StubService service = StubService.answeringInTurn(view, view, projects, view, projects)) {
            policy(PolicyType.CEILINGS, service, "get", "--instance=" + ID, "-o", "id");
            policy(PolicyType.BUDGET, service, "get", "-o", "name");
            // The access key may see no project of this id.
            policy(PolicyType.WINDOWS, service, "get", "--of-project=" + PROJECT, "-o", "name");
        }

        assertThat(shell.out().lines()).containsExactly(ID, "team", PROJECT);
    }

    @Test
    void policy_getCsv_hasHeadersAsOtherTables() {
        String view = "{\"source\":\"project\",\"document\":{\"sweeps\":3},\"nextChange\":\"2026-01-02T00:00:00Z\","
                + "\"setBy\":\"AK\",\"setAt\":\"2026-01-01T00:00:00Z\",\"version\":3}";
        try (StubService service = StubService.answering(200, JSON, view)) {
            assertThat(policy(PolicyType.BUDGET, service, "get", "-o", "csv")).isZero();
        }

        assertThat(shell.out().lines()).first().isEqualTo("running,waiting,set_by,set_at,version,document");
    }

    @Test
    void policy_setIfVersion_sendsTheVersion() {
        shell.withInput("sweeps: 3\n");
        try (StubService service = StubService.answering(200, JSON, "{\"version\":1}")) {
            assertThat(policy(PolicyType.BUDGET, service, "set", "--if-version=0"))
                    .isZero();
            assertThat(service.onlyRequest().ifMatch()).isEqualTo("\"0\"");
        }
    }

    /** An answer without a version is not from Keysweep, but for example from a proxy. */
    @ParameterizedTest
    @ValueSource(strings = {"set", "get"})
    void policy_answerWithoutAVersion_isUnreachable(String command) {
        shell.withInput("sweeps: 3\n");
        try (StubService proxy = StubService.answering(200, JSON, "{\"status\":\"ok\"}")) {
            assertThat(policy(PolicyType.BUDGET, proxy, command)).isEqualTo(FailureRecorder.THREW);
        }
        assertThat(failures.latest())
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
    }

    @Test
    void options_thatContradictEachOther_areRefused() {
        try (StubService service = StubService.answering(200, JSON, "{}")) {
            schedule(service, "set", "i", "--once", "--every=1d");
            assertThat(failures.latest())
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("--once and --every exclude");

            policy(PolicyType.WINDOWS, service, "get", "--instance=i", "--of-project=p");
            assertThat(failures.latest())
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("--instance and --of-project exclude");
            assertThat(service.requests()).isEmpty();
        }
    }

    private int schedule(StubService service, String... arguments) {
        return execute(SchedulesCommand.withSubcommands(shell.context()), service, arguments);
    }

    private int policy(PolicyType type, StubService service, String... arguments) {
        return execute(PolicyCommands.withSubcommands(type, shell.context()), service, arguments);
    }

    private int execute(CommandLine commands, StubService service, String... arguments) {
        return commands.setExecutionExceptionHandler(failures).execute(service.arguments(arguments));
    }
}
