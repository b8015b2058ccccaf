package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests how access keys are created and withdrawn through the API, and what they cannot do, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AccessKeysIT {

    private final String dialect;

    /** A part of the name of each project, so that no two tests use the same name. */
    private final UUID test = UUID.randomUUID();

    private TestService service;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    AccessKeysIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        admin = service.newAdministrator(named("admin"));
    }

    @Test
    void accessKey_isShownWithoutItsSecret_andIsRefusedAfterItsWithdrawal() {
        // The new key may do only what its actions allow.
        Credentials teamKey = service.project(named("team"));
        Credentials keyWithFewActions = createKey(teamKey, teamKey, "\"dcs:instance:list\",\"dcs:instance:get\"");
        assertThat(keyWithFewActions.projectId()).isEqualTo(teamKey.projectId());
        assertThat(service.call(keyWithFewActions, "GET", "/api/v1/instances", "")
                        .status())
                .isEqualTo(200);
        assertThat(service.call(keyWithFewActions, "GET", keysPath(teamKey), "").status())
                .isEqualTo(403);

        // The list shows both keys of the team without their secrets.
        JsonNode shown = service.call(teamKey, "GET", keysPath(teamKey), "").body();
        assertThat(shown.size()).isEqualTo(2);
        assertThat(shown.toString()).doesNotContain("secret", keyWithFewActions.secretKey(), teamKey.secretKey());
        assertThat(shown.get(1).get("accessKey").asString()).isEqualTo(keyWithFewActions.accessKey());
        assertThat(shown.get(1).get("actions").toString()).isEqualTo("[\"dcs:instance:get\",\"dcs:instance:list\"]");

        // After its withdrawal, the key and its tokens are refused.
        String token = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", "application/json"),
                        "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + keyWithFewActions.accessKey()
                                + "\"},\"secret\":{\"key\":\"" + keyWithFewActions.secretKey() + "\"}}}}}")
                .header("X-Subject-Token");
        assertThat(byToken(token).status()).isEqualTo(200);
        assertThat(service.call(teamKey, "DELETE", keysPath(teamKey) + "/" + keyWithFewActions.accessKey(), "")
                        .status())
                .isEqualTo(204);
        assertThat(byToken(token).status()).isEqualTo(401);
        assertThat(service.call(keyWithFewActions, "GET", "/api/v1/instances", "")
                        .status())
                .isEqualTo(401);

        // A second withdrawal finds no key.
        Answer refused = service.call(teamKey, "DELETE", keysPath(teamKey) + "/" + keyWithFewActions.accessKey(), "");
        assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.UNKNOWN_ACCESS_KEY.code());
    }

    @Test
    void accessKey_cannotCreateOrWithdrawKeysWithMoreRights() {
        // The team's key lacks these actions, so it cannot give them to a new key.
        Credentials teamKey = service.project(named("team"));
        for (String actions : List.of("\"*\"", "\"keysweep:project:manage\"", "\"keysweep:hold:manage\"")) {
            Answer refused = service.call(teamKey, "POST", keysPath(teamKey), "{\"actions\":[" + actions + "]}");
            assertThat(refused.status()).as(actions).isEqualTo(403);
        }

        // The team's key has a former action, dcs:instance:analyze, which grants every scan action. So it can create a
        // key with one of these actions. It cannot withdraw a key with more rights.
        createKey(teamKey, teamKey, "\"dcs:instance:analyzeExpiredKey\"");
        Credentials keyWithMoreRights = createKey(admin, teamKey, "\"*\"");
        assertThat(service.call(teamKey, "DELETE", keysPath(teamKey) + "/" + keyWithMoreRights.accessKey(), "")
                        .status())
                .isEqualTo(403);

        // A key cannot withdraw itself.
        Answer refused =
                service.call(keyWithMoreRights, "DELETE", keysPath(teamKey) + "/" + keyWithMoreRights.accessKey(), "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.OWN_ACCESS_KEY.code());

        // A key is found only below the path of its project.
        assertThat(service.call(teamKey, "GET", keysPath(admin), "").status()).isEqualTo(404);
        assertThat(service.call(admin, "DELETE", keysPath(admin) + "/" + keyWithMoreRights.accessKey(), "")
                        .status())
                .isEqualTo(404);
        assertThat(service.call(admin, "DELETE", keysPath(teamKey) + "/" + keyWithMoreRights.accessKey(), "")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void accessKey_withInvalidActions_isRefused_withTheReason() {
        assertRefused("", "actions is missing, must be at least one of");
        assertRefused(
                "{\"action\":[\"*\"]}",
                "action is unknown; known are actions, expiresAt, instances, policies, tags, userId.");
        assertRefused("{\"actions\":[]}", "actions is '[]'");
        assertRefused("{\"actions\":[\"dcs:instance:delete\"]}", "actions is 'dcs:instance:delete'");
        assertRefused("{\"actions\":[null]}", "actions is 'null'");
    }

    @Test
    void accessKeys_thatWithdrawEachOtherAtTheSameTime_leaveOne() throws Exception {
        // Each repetition can let another of the two requests be the first.
        int repetitions = 5;
        for (int i = 0; i < repetitions; i++) {
            Credentials firstKey = createKey(admin, admin, "\"*\"");
            Credentials secondKey = createKey(admin, admin, "\"*\"");

            // The request that comes second is sent with a withdrawn key.
            List<Callable<Integer>> calls = List.of(
                    () -> service.call(firstKey, "DELETE", keysPath(admin) + "/" + secondKey.accessKey(), "")
                            .status(),
                    () -> service.call(secondKey, "DELETE", keysPath(admin) + "/" + firstKey.accessKey(), "")
                            .status());

            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                for (Future<Integer> answer : threads.invokeAll(calls)) {
                    statuses.add(answer.get());
                }
            }

            assertThat(statuses).containsExactlyInAnyOrder(204, 401);
        }
    }

    @Test
    void accessKey_withoutTheActionForSchedules_cannotSetAStartPolicy() {
        Credentials teamKey = service.project(named("team"));
        String instance = service.register(teamKey, "watched", "redis://127.0.0.1:1");
        Credentials manager = createKey(admin, teamKey, "\"keysweep:instance:manage\",\"dcs:instance:get\"");
        String policy = "{\"backlogTarget\":1}";

        // A start policy says when scans start by themselves. The key can read it and change windows, but not set or
        // remove the start policy.
        for (String path : List.of("/instances/" + instance, "/projects/" + teamKey.projectId())) {
            for (String method : List.of("PUT", "DELETE")) {
                Answer refused = service.call(manager, method, "/api/v1" + path + "/start-policy", policy);
                assertThat(refused.status()).as(path).isEqualTo(403);
                assertThat(refused.body().get("title").asString()).contains("dcs:instance:updateExpiredKeyScanConfig");
            }
            assertThat(service.call(manager, "GET", "/api/v1" + path + "/start-policy", "")
                            .status())
                    .isEqualTo(200);
            assertThat(service.call(manager, "DELETE", "/api/v1" + path + "/windows", "")
                            .status())
                    .isEqualTo(204);
        }

        // A fleet document with a start policy needs the same action.
        String fleet = "{\"instances\":[{\"name\":\"watched\",\"uri\":\"redis://127.0.0.1:1\",\"startPolicy\":" + policy
                + "}]}";
        assertThat(service.call(manager, "POST", "/api/v1/instances/apply", fleet)
                        .status())
                .isEqualTo(403);
        assertThat(service.call(teamKey, "POST", "/api/v1/instances/apply", fleet)
                        .status())
                .isEqualTo(200);

        service.call(teamKey, "DELETE", "/api/v1/instances/" + instance, "");
    }

    /** Checks that the request for a key is refused with a detail that begins in this way. */
    private void assertRefused(String body, String detail) {
        Answer answer = service.call(admin, "POST", keysPath(admin), body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString()).startsWith(detail);
    }

    /** Creates a key in a project as the caller {@code by}. */
    private Credentials createKey(Credentials by, Credentials projectKey, String actions) {
        return service.newKey(by, projectKey.projectId(), "{\"actions\":[" + actions + "]}");
    }

    /** Returns a name that no project of another test has. */
    private String named(String name) {
        return name + " " + test;
    }

    private Answer byToken(String token) {
        return service.send("GET", "/api/v1/instances", Map.of("X-Auth-Token", token), "");
    }

    private static String keysPath(Credentials projectKey) {
        return "/api/v1/projects/" + projectKey.projectId() + "/access-keys";
    }
}
