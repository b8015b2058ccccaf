package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Tests the requests and the output of {@code keysweep hold}, {@code release} and {@code holds}. */
final class HoldCommandsTest {

    private static final String JSON = "application/json";

    /** A global hold, as the API shows it. */
    private static final String HOLD =
            "{\"scope\":\"all\",\"by\":\"ann\",\"why\":\"incident\",\"since\":\"2026-01-01T00:00:01Z\"}";

    private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    private final TestShell shell = new TestShell();

    @ParameterizedTest
    @CsvSource({
        "'', /api/v1/hold",
        "--project, /api/v1/projects/project/hold",
        "--project=0a1b2c3d4e5f60718293a4b5c6d7e8f9, /api/v1/projects/0a1b2c3d4e5f60718293a4b5c6d7e8f9/hold",
    })
    void holdAndRelease_withScope_callThatScope(String option, String path) {
        String[] options = option.isEmpty() ? new String[0] : new String[] {option};
        try (StubService service = StubService.answering(200, JSON, HOLD)) {
            run(service, new HoldCommands.Hold(shell.context()), options);
            assertThat(service.onlyRequest().method()).isEqualTo("PUT");
            assertThat(service.onlyRequest().path()).isEqualTo(path);
            assertThat(shell.out()).contains("everything  held by ann: incident  since 2026-01-01T00:00:01Z");
        }

        try (StubService service = StubService.answeringInTurn(
                new StubService.Answer(200, JSON, "[]"), new StubService.Answer(204, JSON, ""))) {
            run(service, new HoldCommands.Release(shell.context()), options);
            assertThat(service.requests()).last().extracting("method").isEqualTo("DELETE");
            assertThat(service.requests()).last().extracting("path").isEqualTo(path);
            assertThat(shell.err()).contains("Nothing was released: there was no hold of ");
        }
    }

    @Test
    void release_ofAHold_showsWhatItHasReleased() {
        String ofProject = HOLD.replace("\"all\"", "\"project\",\"projectId\":\"" + PROJECT + "\"");
        try (StubService service = StubService.answeringInTurn(
                new StubService.Answer(200, JSON, "[" + ofProject + "," + HOLD + "]"),
                new StubService.Answer(204, JSON, ""))) {
            run(service, new HoldCommands.Release(shell.context()));
            assertThat(shell.out().lines())
                    .containsExactly("Released: everything  held by ann: incident  since 2026-01-01T00:00:01Z");
        }
    }

    @Test
    void hold_ofAProjectWithoutAName_isRefused() {
        // A script whose variable is not set passes an empty name.
        try (StubService service = StubService.answering(200, JSON, "[]")) {
            HoldCommands.Hold hold = new HoldCommands.Hold(shell.context());
            CommandLine.populateCommand(hold, service.arguments("--project", ""));

            assertThatThrownBy(hold::call)
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("there is no project ''");
            assertThat(service.requests()).noneMatch(request -> request.method().equals("PUT"));
        }
    }

    @Test
    void hold_asJson_isTheHold() {
        try (StubService service = StubService.answering(200, JSON, HOLD)) {
            run(service, new HoldCommands.Hold(shell.context()), "-o", "json");
            assertThat(shell.out()).startsWith("{").contains("\"scope\":\"all\"", "\"why\":\"incident\"");
        }
    }

    @Test
    void holds_listed_areOneOnEachLine() {
        try (StubService service = StubService.answering(200, JSON, "[" + HOLD + "]")) {
            run(service, new HoldCommands.Holds(shell.context()));
            assertThat(shell.out()).contains("everything  ann  incident  2026-01-01T00:00:01Z");
        }
    }

    @Test
    void holds_ofAProject_showItsName() {
        String hold = HOLD.replace("\"all\"", "\"project\",\"projectId\":\"" + PROJECT + "\"");
        StubService.Answer holds = new StubService.Answer(200, JSON, "[" + hold + "]");
        StubService.Answer projects = new StubService.Answer(
                200,
                JSON,
                "[{\"id\":\"" + PROJECT
                        + "\",\"name\":\"team\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"version\":1}]");
        // The names and ids are arguments of release.
        try (StubService service = StubService.answeringInTurn(holds, projects, holds, holds, projects)) {
            run(service, new HoldCommands.Holds(shell.context()), "-o", "name");
            run(service, new HoldCommands.Holds(shell.context()), "-o", "id");
            run(service, new HoldCommands.Holds(shell.context()), "-o", "csv");
        }
        assertThat(shell.out().lines())
                .containsExactly(
                        "team",
                        PROJECT,
                        "scope,by,why,since,project_id",
                        "project team,ann,incident,2026-01-01T00:00:01Z," + PROJECT);
    }

    /** Without the permission to list projects, a hold is shown with the id of its project. */
    @Test
    void holds_namesAreDenied_showTheId() {
        String hold = HOLD.replace("\"all\"", "\"project\",\"projectId\":\"" + PROJECT + "\"");
        try (StubService service = StubService.answeringInTurn(
                new StubService.Answer(200, JSON, "[" + hold + "]"), new StubService.Answer(403, JSON, "{}"))) {
            run(service, new HoldCommands.Holds(shell.context()), "-o", "name");
            assertThat(shell.out()).isEqualToIgnoringNewLines(PROJECT);
        }
    }

    /** Runs a command that must succeed. */
    private static void run(StubService service, ServiceCommand command, String... arguments) {
        assertThat(new CommandLine(command).execute(service.arguments(arguments)))
                .isZero();
    }
}
