package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests the request and the output of {@code keysweep workers}. */
final class WorkersCommandTest {

    private static final String JSON = "application/json";
    private final TestShell shell = new TestShell();

    @Test
    void workers_listed_areOneOnEachLineWithTheirSweepsBelow() {
        String workers = "[{\"id\":\"w\",\"host\":\"h\",\"pid\":7,\"roles\":[\"api\",\"worker\"],\"threads\":8,"
                + "\"version\":\"1\",\"startedAt\":\"2026-01-01T00:00:00Z\","
                + "\"heartbeatAt\":\"2026-01-01T00:00:05Z\",\"status\":\"missed\","
                + "\"sweeps\":[{\"scanId\":\"s\",\"instanceId\":\"i\",\"nodeId\":\"n:1\","
                + "\"since\":\"2026-01-01T00:00:01Z\"}]}]";
        try (StubService service = StubService.answering(200, JSON, workers)) {
            run(service);
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/workers");
            assertThat(shell.out().lines())
                    .containsExactly(
                            "HOST  PID  ROLES       STATUS  SWEEPS  STARTED               HEARTBEAT             VERSION",
                            "h     7    api worker  missed       1  2026-01-01T00:00:00Z  2026-01-01T00:00:05Z  1");
        }

        try (StubService service = StubService.answering(200, JSON, workers)) {
            run(service, "--json");
            assertThat(shell.out()).contains("\"status\":\"missed\"");
        }
    }

    /** Runs the command, which must succeed. */
    private void run(StubService service, String... arguments) {
        assertThat(new CommandLine(new WorkersCommand(shell.context())).execute(service.arguments(arguments)))
                .isZero();
    }
}
