package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import org.junit.jupiter.api.Test;

/** Tests the requests and the output of the commands for users. */
final class UsersCommandTest {

    private static final String JSON = "application/json";

    private static final String INSTANCE = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String USER = "{\"name\":\"alice\",\"projectId\":\"p\",\"policies\":[\"viewer\"],"
            + "\"createdAt\":\"2026-01-01T00:00:00Z\"}";

    private final TestShell shell = new TestShell();

    @Test
    void passwordFromTerminalOrInput_isSentAndNotShown() {
        try (StubService service = StubService.answering(201, JSON, USER)) {
            shell.withTypedPassword("correct horse battery");
            run(service, "create", "alice", "--policy=viewer");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/users");
            assertThat(service.onlyRequest().body())
                    .contains("\"name\":\"alice\"", "\"password\":\"correct horse battery\"", "[\"viewer\"]");
            assertThat(shell.out()).contains("alice  viewer").doesNotContain("horse");
        }

        try (StubService service = StubService.answering(200, JSON, USER)) {
            shell.withInput("from a pipe, 1\nrest");
            run(service, "set-password", "alice", "--password-file=-");
            assertThat(service.onlyRequest().method()).isEqualTo("PATCH");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/users/alice");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"password\":\"from a pipe, 1\"}");
        }
    }

    @Test
    void disableAndRemove_changeAndDeleteTheUser() {
        try (StubService service = StubService.answering(200, JSON, USER)) {
            run(service, "disable", "alice");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"disabled\":true}");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, "remove", "alice", "--yes");
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
        }
    }

    @Test
    void changePassword_usesATokenOfTheUserAndNoAccessKey() {
        try (StubService service = StubService.answering(201, JSON, "{}")) {
            shell.withTypedPassword("correct horse battery").withInput("another horse battery\n");
            assertThat(UsersCommand.withSubcommands(shell.context())
                            .execute(
                                    "change-password",
                                    "alice",
                                    "--password-file=-",
                                    "--endpoint=" + service.access().endpoint()))
                    .isZero();
            assertThat(service.requests())
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("null"));

            // The first request signs the user in.
            assertThat(service.requests().getFirst().path()).isEqualTo("/v3/auth/tokens");
            assertThat(service.requests().getFirst().body())
                    .contains("\"name\":\"alice\"", "\"password\":\"correct horse battery\"");

            // The second one changes the password, with the token of the user.
            assertThat(service.requests().getLast().path()).isEqualTo("/api/v1/users/me/password");
            assertThat(service.requests().getLast().token()).isEqualTo(StubService.TOKEN);
            assertThat(service.requests().getLast().body())
                    .contains("\"oldPassword\":\"correct horse battery\"", "\"newPassword\":\"another horse battery\"");

            assertThat(shell.err()).contains("The password of alice was changed");
            assertThat(shell.out() + shell.err()).doesNotContain("horse");

            // Both passwords cannot come from standard input.
            assertThat(UsersCommand.withSubcommands(shell.context())
                            .execute("change-password", "alice", "--password-file=-", "--old-password-file=-"))
                    .isNotZero();
            assertThat(service.requests()).hasSize(2);
        }
    }

    @Test
    void list_rightsOnSomeInstances_namesThem() {
        String narrowed = "\"instances\":[\"" + INSTANCE + "\",\"unknown\"],\"createdAt\"";
        try (StubService service = StubService.answeringInTurn(
                new StubService.Answer(200, JSON, "[" + USER.replace("\"createdAt\"", narrowed) + "]"),
                new StubService.Answer(
                        200,
                        JSON,
                        "[{\"id\":\"" + INSTANCE + "\",\"projectId\":\"p\",\"name\":\"orders\",\"uri\":\"redis://h:1\","
                                + "\"hasPassword\":false,\"hasSentinelPassword\":false,\"tags\":{},"
                                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"revision\":1}]"))) {
            run(service, "list");
        }
        assertThat(shell.out()).contains("viewer on orders unknown");
    }

    /** Runs a subcommand of {@code keysweep users}, which must succeed. */
    private void run(StubService service, String... arguments) {
        assertThat(UsersCommand.withSubcommands(shell.context()).execute(service.arguments(arguments)))
                .isZero();
    }
}
