package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;

/** Tests the requests and the output of the commands for access policies. */
final class AccessPoliciesCommandTest {

    private static final String INSTANCE = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";
    private final TestShell shell = new TestShell();

    @Test
    void setListAndDelete_callTheProject() {
        String policy = "{\"name\":\"night\",\"builtIn\":false,\"version\":3,\"statements\":[{\"effect\":\"deny\","
                + "\"actions\":[\"keysweep:scan:*\"],\"instances\":[\"" + INSTANCE + "\"]}]}";
        try (StubService service = StubService.answering(200, JSON, policy)) {
            shell.withInput(
                    "statements:\n- effect: deny\n  actions: ['keysweep:scan:*']\n  instances: [" + INSTANCE + "]\n");
            run(service, "set", "night", "--if-version=2");

            assertThat(service.onlyRequest().method()).isEqualTo("PUT");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-policies/night");
            assertThat(service.onlyRequest().ifMatch()).isEqualTo("\"2\"");
            assertThat(service.onlyRequest().body())
                    .isEqualTo("{\"statements\":[{\"effect\":\"deny\",\"actions\":[\"keysweep:scan:*\"],"
                            + "\"instances\":[\"" + INSTANCE + "\"]}]}");
            assertThat(shell.out()).contains("night  version 3", "  deny keysweep:scan:* on " + INSTANCE);
        }

        try (StubService service = StubService.answering(200, JSON, "[" + policy + "]")) {
            run(service, "list");
            assertThat(shell.out()).contains("night", "no");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, "delete", "night", "--yes");
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
        }
    }

    /** Runs a subcommand of {@code keysweep policies}, which must succeed. */
    private void run(StubService service, String... arguments) {
        assertThat(AccessPoliciesCommand.withSubcommands(shell.context()).execute(service.arguments(arguments)))
                .isZero();
    }
}
