package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;

/** Tests the requests and the output of the commands for projects. */
final class ProjectsCommandTest {

    private static final String ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String JSON = "application/json";

    private static final String PROJECT =
            "{\"id\":\"" + ID + "\",\"name\":\"team\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"version\":2}";

    private final TestShell shell = new TestShell();

    @Test
    void listRenameAndDelete_sendTheirRequests() {
        try (StubService service = StubService.answering(200, JSON, "[" + PROJECT + "]")) {
            run(service, "list");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects");
            assertThat(shell.out())
                    .isEqualToIgnoringNewLines("NAME  ID                                CREATED" + "team  " + ID
                            + "  2026-01-01T00:00:00Z");
        }

        try (StubService service = StubService.answering(200, JSON, PROJECT)) {
            run(service, "rename", ID, "team", "--if-version=1");
            assertThat(service.onlyRequest().ifMatch()).isEqualTo("\"1\"");
            assertThat(service.onlyRequest().method()).isEqualTo("PUT");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"name\":\"team\"}");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, "delete", ID, "--yes");
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/" + ID);
        }
    }

    @Test
    void create_showsTheSecretKey() {
        String projectWithKey = "{\"projectId\":\"p\",\"name\":\"team\",\"accessKey\":\"AK2\",\"secretKey\":\"SK2\"}";
        try (StubService service = StubService.answering(201, JSON, projectWithKey)) {
            run(service, "create", "team");
            assertThat(service.onlyRequest().body()).contains("\"name\":\"team\"", "\"id\":null", "\"actions\":null");
            assertThat(shell.out()).contains("access key                  AK2", "shown only now  SK2");
        }

        try (StubService service = StubService.answering(201, JSON, projectWithKey)) {
            run(
                    service,
                    "create",
                    "team",
                    "--id=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
                    "--action=dcs:instance:get,dcs:instance:list");
            assertThat(service.onlyRequest().body())
                    .contains(
                            "\"id\":\"0a1b2c3d4e5f60718293a4b5c6d7e8f9\"",
                            "\"actions\":[\"dcs:instance:get\",\"dcs:instance:list\"]");
        }
    }

    /** Runs a subcommand of {@code keysweep projects}, which must succeed. */
    private void run(StubService service, String... arguments) {
        assertThat(ProjectsCommand.withSubcommands(shell.context()).execute(service.arguments(arguments)))
                .isZero();
    }
}
