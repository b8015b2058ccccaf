package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the requests and the output of the commands for access keys. */
final class AccessKeysCommandTest {

    private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private static final String INSTANCE = "5560df16-cebf-4473-95c4-d1b573c16e79";
    private static final String JSON = "application/json";

    private static final String KEY =
            "{\"accessKey\":\"AK2\",\"projectId\":\"p\",\"state\":\"enabled\",\"actions\":[\"dcs:instance:get\"],"
                    + "\"policies\":[\"viewer\"],\"createdAt\":\"2026-01-01T00:00:00Z\",\"tags\":{\"env\":\"test\"}}";

    /** An access key as the service answers when it has created one. */
    private static final String NEW_KEY = KEY.replace("\"createdAt\"", "\"secretKey\":\"SK2\",\"createdAt\"");

    private final TestShell shell = new TestShell();

    @Test
    void list_showsRightsTagsAndState() {
        try (StubService service = StubService.answering(200, JSON, "[" + KEY + "]")) {
            run(service, "list");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys");
            assertThat(shell.out())
                    .contains("ACCESS KEY  RIGHTS")
                    .contains("AK2         viewer dcs:instance:get on instances with {env=test}  2026-01-01T00:00:00Z")
                    .contains("enabled");
        }
    }

    @Test
    void create_inAProject_callsThatProjectAndShowsTheSecretKey() {
        try (StubService service = StubService.answering(201, JSON, NEW_KEY)) {
            run(service, "create", "--action=dcs:instance:get,dcs:instance:list", "--project=" + PROJECT);
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/" + PROJECT + "/access-keys");
            assertThat(service.onlyRequest().body())
                    .contains("\"actions\":[\"dcs:instance:get\",\"dcs:instance:list\"]", "\"policies\":null");
            assertThat(shell.out()).contains("shown only now  SK2");
        }
    }

    @Test
    void create_asCsv_hasTheSecretKey() {
        try (StubService service = StubService.answering(201, JSON, NEW_KEY)) {
            run(service, "create", "--action=dcs:instance:get", "--output=csv");
            assertThat(shell.out()).contains(",SK2");
        }
    }

    @Test
    void create_forAUser_sendsAndShowsTheUser() {
        String keyOfAlice = NEW_KEY.replace("\"projectId\"", "\"userId\":\"alice\",\"projectId\"");
        try (StubService service = StubService.answering(201, JSON, keyOfAlice)) {
            run(service, "create", "--user=alice");
            assertThat(service.onlyRequest().body())
                    .contains("\"userId\":\"alice\"", "\"actions\":null", "\"policies\":null");
            assertThat(shell.out()).contains("  of alice  since");
        }
    }

    @Test
    void withdraw_deletesTheKey() {
        try (StubService service = StubService.answering(204, JSON, "")) {
            run(service, "withdraw", "AK2", "--yes");
            assertThat(service.onlyRequest().method()).isEqualTo("DELETE");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys/AK2");
        }
    }

    @Test
    void keysInEachState_areShownWithTheState() {
        String keys = Stream.of("enabled", "disabled", "expired", "ownerDisabled")
                .map(state -> KEY.replace("\"enabled\"", "\"" + state + "\"").replace("AK2", "AK-" + state))
                .collect(Collectors.joining(",", "[", "]"));
        try (StubService service = StubService.answering(200, JSON, keys)) {
            run(service, "list");
            assertThat(shell.out().lines())
                    .anyMatch(line -> line.startsWith("AK-enabled ") && line.contains("  enabled"))
                    .anyMatch(line -> line.startsWith("AK-disabled ") && line.contains("  disabled"))
                    .anyMatch(line -> line.startsWith("AK-expired ") && line.contains("  expired"))
                    .anyMatch(line -> line.startsWith("AK-ownerDisabled ") && line.contains("  owner disabled"));
        }
    }

    @Test
    void changes_sendOnlyWhatWasGiven() {
        assertChange("{\"disabled\":true}", "disable", "AK2");
        assertChange("{\"disabled\":false}", "enable", "AK2");
        assertChange("{\"policies\":[\"viewer\",\"own\"]}", "update", "AK2", "--policy=viewer,own");
        assertChange(
                "{\"instances\":null,\"expiresAt\":null}", "update", "AK2", "--all-instances", "--expires-at=never");
        assertChange("{\"instances\":[\"" + INSTANCE + "\"]}", "update", "AK2", "--instance=" + INSTANCE);
        assertChange("{\"tags\":{\"env\":\"test\"}}", "update", "AK2", "--tag=env=test");
    }

    @Test
    void rotate_sendsTheOverlapAndShowsTheNewSecretKey() {
        try (StubService service = StubService.answering(201, JSON, NEW_KEY)) {
            run(service, "rotate", "AK2", "--overlap-minutes=5");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys/AK2/rotate");
            assertThat(service.onlyRequest().body()).isEqualTo("{\"overlapMinutes\":5}");
            assertThat(shell.out()).contains("shown only now  SK2");
        }
    }

    @Test
    void withdraw_asUser_callsWithATokenInTheProjectOfTheUser() {
        try (StubService service = StubService.answering(201, JSON, "{\"token\":{\"project\":{\"id\":\"p1\"}}}")) {
            shell.withTypedPassword("correct horse battery");
            assertThat(AccessKeysCommand.withSubcommands(shell.context())
                            .execute(
                                    "withdraw",
                                    "AK1",
                                    "--yes",
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
    void list_rightsOnSomeInstances_namesThem() {
        String narrowed = "\"instances\":[\"" + INSTANCE + "\",\"unknown\"],\"createdAt\"";
        try (StubService service = StubService.answeringInTurn(
                new StubService.Answer(200, JSON, "[" + KEY.replace("\"createdAt\"", narrowed) + "]"),
                new StubService.Answer(
                        200,
                        JSON,
                        "[{\"id\":\"" + INSTANCE + "\",\"projectId\":\"p\",\"name\":\"orders\",\"uri\":\"redis://h:1\","
                                + "\"hasPassword\":false,\"hasSentinelPassword\":false,\"tags\":{},"
                                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"revision\":1}]"))) {
            run(service, "list");
        }
        assertThat(shell.out()).contains("viewer dcs:instance:get on orders unknown");
    }

    /** Runs a subcommand of {@code keysweep access-keys}, which must succeed. */
    private void run(StubService service, String... arguments) {
        assertThat(AccessKeysCommand.withSubcommands(shell.context()).execute(service.arguments(arguments)))
                .isZero();
    }

    /** Runs a command that changes the access key AK2, and checks the body that it sends. */
    private void assertChange(String body, String... arguments) {
        try (StubService service = StubService.answering(200, JSON, KEY)) {
            run(service, arguments);
            assertThat(service.onlyRequest().method()).isEqualTo("PATCH");
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/projects/project/access-keys/AK2");
            assertThat(service.onlyRequest().body()).isEqualTo(body);
        }
    }
}
