package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * Tests the requests and the output of the commands for projects, access keys, users, access policies and estimates.
 */
final class ServiceAdministrationTest {

    private static final String ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String INSTANCE = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";
    private static final String USER = "{\"name\":\"alice\",\"projectId\":\"p\",\"policies\":[\"viewer\"],"
            + "\"createdAt\":\"2026-01-01T00:00:00Z\"}";
    private static final String PROJECT =
            "{\"id\":\"" + ID + "\",\"name\":\"team\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"version\":2}";
    private static final String KEY =
            "{\"accessKey\":\"AK2\",\"projectId\":\"p\",\"state\":\"enabled\",\"actions\":[\"dcs:instance:get\"],"
                    + "\"policies\":[\"viewer\"],\"createdAt\":\"2026-01-01T00:00:00Z\",\"tags\":{\"env\":\"test\"}}";

    /** An access key as the service answers when it has created one. */
    private static final String NEW_KEY = KEY.replace("\"createdAt\"", "\"secretKey\":\"SK2\",\"createdAt\"");

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

    private final TestShell shell = new TestShell();

    @Test
    void projects_listRenameAndDelete_sendTheirRequests() {
        try (StubService service = StubService.answering(200, JSON, "[" + PROJECT + "]")) {
            run(service, ProjectsCommand.withSubcommands(shell.context()), "list");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects");
            assertThat(shell.out())
                    .isEqualToIgnoringNewLines("NAME  ID                                CREATED" + "team  " + ID
                            + "  2026-01-01T00:00:00Z");
        }

        try (StubService service = StubService.answering(200, JSON, PROJECT)) {
            run(service, ProjectsCommand.withSubcommands(shell.context()), "rename", ID, "team", "--if-version=1");
            assertThat(service.onlyRequest().ifMatch()).isEqualTo("\"1\"");
            assertThat(service.onlyRequest().method()).isEqualTo("PUT");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"name\":\"team\"}");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, ProjectsCommand.withSubcommands(shell.context()), "remove", ID);
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/" + ID);
        }
    }

    @Test
    void projects_create_showsTheSecretKey() {
        String projectWithKey = "{\"projectId\":\"p\",\"name\":\"team\",\"accessKey\":\"AK2\",\"secretKey\":\"SK2\"}";
        try (StubService service = StubService.answering(201, JSON, projectWithKey)) {
            run(service, ProjectsCommand.withSubcommands(shell.context()), "create", "team");
            assertThat(service.onlyRequest().body()).contains("\"name\":\"team\"", "\"id\":null", "\"actions\":null");
            assertThat(shell.out()).contains("access key                  AK2", "shown only now  SK2");
        }

        try (StubService service = StubService.answering(201, JSON, projectWithKey)) {
            run(
                    service,
                    ProjectsCommand.withSubcommands(shell.context()),
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

    @Test
    void accessKeys_list_showsRightsTagsAndState() {
        try (StubService service = StubService.answering(200, JSON, "[" + KEY + "]")) {
            run(service, AccessKeysCommand.withSubcommands(shell.context()), "list");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys");
            assertThat(shell.out())
                    .contains("ACCESS KEY  RIGHTS")
                    .contains("AK2         viewer dcs:instance:get on instances with {env=test}  2026-01-01T00:00:00Z")
                    .contains("enabled");
        }
    }

    @Test
    void accessKeys_createInAProject_callsThatProjectAndShowsTheSecretKey() {
        try (StubService service = StubService.answering(201, JSON, NEW_KEY)) {
            run(
                    service,
                    AccessKeysCommand.withSubcommands(shell.context()),
                    "create",
                    "--action=dcs:instance:get,dcs:instance:list",
                    "--project=" + ID);
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/" + ID + "/access-keys");
            assertThat(service.onlyRequest().body())
                    .contains("\"actions\":[\"dcs:instance:get\",\"dcs:instance:list\"]", "\"policies\":null");
            assertThat(shell.out()).contains("shown only now  SK2");
        }
    }

    @Test
    void accessKeys_createAsCsv_hasTheSecretKey() {
        try (StubService service = StubService.answering(201, JSON, NEW_KEY)) {
            run(
                    service,
                    AccessKeysCommand.withSubcommands(shell.context()),
                    "create",
                    "--action=dcs:instance:get",
                    "--output=csv");
            assertThat(shell.out()).contains(",SK2");
        }
    }

    @Test
    void accessKeys_createForAUser_sendsAndShowsTheUser() {
        String keyOfAlice = NEW_KEY.replace("\"projectId\"", "\"userId\":\"alice\",\"projectId\"");
        try (StubService service = StubService.answering(201, JSON, keyOfAlice)) {
            run(service, AccessKeysCommand.withSubcommands(shell.context()), "create", "--user=alice");
            assertThat(service.onlyRequest().body())
                    .contains("\"userId\":\"alice\"", "\"actions\":null", "\"policies\":null");
            assertThat(shell.out()).contains("  of alice  since");
        }
    }

    @Test
    void accessKeys_withdraw_deletesTheKey() {
        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, AccessKeysCommand.withSubcommands(shell.context()), "withdraw", "AK2");
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys/AK2");
        }
    }

    @Test
    void accessKeys_inEachState_areShownWithTheState() {
        String keys = Stream.of("enabled", "disabled", "expired", "ownerDisabled")
                .map(state -> KEY.replace("\"enabled\"", "\"" + state + "\"").replace("AK2", "AK-" + state))
                .collect(Collectors.joining(",", "[", "]"));
        try (StubService service = StubService.answering(200, JSON, keys)) {
            run(service, AccessKeysCommand.withSubcommands(shell.context()), "list");
            assertThat(shell.out().lines())
                    .anyMatch(line -> line.startsWith("AK-enabled ") && line.contains("  enabled"))
                    .anyMatch(line -> line.startsWith("AK-disabled ") && line.contains("  disabled"))
                    .anyMatch(line -> line.startsWith("AK-expired ") && line.contains("  expired"))
                    .anyMatch(line -> line.startsWith("AK-ownerDisabled ") && line.contains("  owner disabled"));
        }
    }

    @Test
    void accessKeys_changes_sendOnlyWhatWasGiven() {
        assertChange("{\"disabled\":true}", "disable", "AK2");
        assertChange("{\"disabled\":false}", "enable", "AK2");
        assertChange("{\"policies\":[\"viewer\",\"own\"]}", "update", "AK2", "--policy=viewer,own");
        assertChange(
                "{\"instances\":null,\"expiresAt\":null}", "update", "AK2", "--all-instances", "--expires-at=never");
        assertChange("{\"instances\":[\"" + INSTANCE + "\"]}", "update", "AK2", "--instance=" + INSTANCE);
        assertChange("{\"tags\":{\"env\":\"test\"}}", "update", "AK2", "--tag=env=test");
    }

    @Test
    void accessKeys_rotate_sendsTheOverlapAndShowsTheNewSecretKey() {
        try (StubService service = StubService.answering(201, JSON, NEW_KEY)) {
            run(service, AccessKeysCommand.withSubcommands(shell.context()), "rotate", "AK2", "--overlap-minutes=5");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys/AK2/rotate");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"overlapMinutes\":5}");
            assertThat(shell.out()).contains("shown only now  SK2");
        }
    }

    @Test
    void accessPolicies_setListAndDelete_callTheProject() {
        String policy = "{\"name\":\"night\",\"builtIn\":false,\"version\":3,\"statements\":[{\"effect\":\"deny\","
                + "\"actions\":[\"keysweep:scan:*\"],\"instances\":[\"" + INSTANCE + "\"]}]}";
        try (StubService service = StubService.answering(200, JSON, policy)) {
            shell.withInput(
                    "statements:\n- effect: deny\n  actions: ['keysweep:scan:*']\n  instances: [" + INSTANCE + "]\n");
            run(service, AccessPoliciesCommand.withSubcommands(shell.context()), "set", "night", "--if-version=2");

            assertThat(service.onlyRequest().method()).isEqualTo("PUT");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-policies/night");
            assertThat(service.onlyRequest().ifMatch()).isEqualTo("\"2\"");
            assertThat(service.onlyRequest().body())
                    .isEqualTo("{\"statements\":[{\"effect\":\"deny\",\"actions\":[\"keysweep:scan:*\"],"
                            + "\"instances\":[\"" + INSTANCE + "\"]}]}");
            assertThat(shell.out()).contains("night  version 3", "  deny keysweep:scan:* on " + INSTANCE);
        }

        try (StubService service = StubService.answering(200, JSON, "[" + policy + "]")) {
            run(service, AccessPoliciesCommand.withSubcommands(shell.context()), "list");
            assertThat(shell.out()).contains("night", "no");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, AccessPoliciesCommand.withSubcommands(shell.context()), "remove", "night");
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
        }
    }

    @Test
    void users_passwordFromTerminalOrInput_isSentAndNotShown() {
        try (StubService service = StubService.answering(201, JSON, USER)) {
            shell.withTypedPassword("correct horse battery");
            run(service, UsersCommand.withSubcommands(shell.context()), "create", "alice", "--policy=viewer");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/users");
            assertThat(service.onlyRequest().body())
                    .contains("\"name\":\"alice\"", "\"password\":\"correct horse battery\"", "[\"viewer\"]");
            assertThat(shell.out()).contains("alice  viewer").doesNotContain("horse");
        }

        try (StubService service = StubService.answering(200, JSON, USER)) {
            shell.withInput("from a pipe, 1\nrest");
            run(service, UsersCommand.withSubcommands(shell.context()), "set-password", "alice", "--password-file=-");
            assertThat(service.onlyRequest().method()).isEqualTo("PATCH");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/users/alice");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"password\":\"from a pipe, 1\"}");
        }
    }

    @Test
    void users_disableAndRemove_changeAndDeleteTheUser() {
        try (StubService service = StubService.answering(200, JSON, USER)) {
            run(service, UsersCommand.withSubcommands(shell.context()), "disable", "alice");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"disabled\":true}");
        }

        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, UsersCommand.withSubcommands(shell.context()), "remove", "alice");
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
        }
    }

    @Test
    void users_changePassword_usesATokenOfTheUserAndNoAccessKey() {
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
    void accessKeys_asUser_callWithATokenInTheProjectOfTheUser() {
        try (StubService service = StubService.answering(201, JSON, "{\"token\":{\"project\":{\"id\":\"p1\"}}}")) {
            shell.withTypedPassword("correct horse battery");
            assertThat(AccessKeysCommand.withSubcommands(shell.context())
                            .execute(
                                    "withdraw",
                                    "AK1",
                                    "--as=alice",
                                    "--endpoint=" + service.access().endpoint()))
                    .isZero();
            assertThat(service.requests())
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("null"));

            // The first request signs the user in. The second one withdraws the key, with the token of the user.
            assertThat(service.requests().getFirst().body())
                    .contains("\"name\":\"alice\"", "\"password\":\"correct horse battery\"");
            assertThat(service.requests().getLast().method()).isEqualTo("DELETE");
            assertThat(service.requests().getLast().path()).isEqualTo("/api/v1/projects/p1/access-keys/AK1");
            assertThat(service.requests().getLast().token()).isEqualTo(StubService.TOKEN);

            assertThat(shell.questions()).containsExactly("Password of alice: ");
            assertThat(shell.out() + shell.err()).doesNotContain("horse");
        }
    }

    @Test
    void estimate_newOrLast_isShown() {
        try (StubService service = StubService.answering(200, JSON, ESTIMATE)) {
            run(service, InstancesCommand.withSubcommands(shell.context()), "estimate", INSTANCE, "--exact");
            assertThat(service.onlyRequest().method()).isEqualTo("POST");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/" + INSTANCE + "/estimates");
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
            run(service, InstancesCommand.withSubcommands(shell.context()), "estimate", INSTANCE, "--last");
            assertThat(service.onlyRequest().method()).isEqualTo("GET");
        }
    }

    /** Runs a command that must succeed. */
    private static void run(StubService service, CommandLine command, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(service.options());
        assertThat(command.execute(words.toArray(String[]::new))).isZero();
    }

    /** Runs a command that changes the access key AK2, and checks the body that it sends. */
    private void assertChange(String body, String... arguments) {
        try (StubService service = StubService.answering(200, JSON, KEY)) {
            run(service, AccessKeysCommand.withSubcommands(shell.context()), arguments);
            assertThat(service.onlyRequest().method()).isEqualTo("PATCH");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys/AK2");
            assertThat(service.onlyRequest().body()).isEqualTo(body);
        }
    }
}
