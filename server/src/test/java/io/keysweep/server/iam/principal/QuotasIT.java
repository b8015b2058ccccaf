package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests the limits on the numbers of projects, instances, webhooks, access keys, users and access policies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotasIT {

    private static final String PASSWORD = "correct horse battery";

    /** The limit on the number of projects, which the test has set. */
    private static final int MAX_PROJECTS = 6;

    /** The limit on the number of instances of a project, which the test has set. */
    private static final int MAX_INSTANCES = 3;

    /** The fixed limit on the number of webhooks of a project. */
    private static final int MAX_WEBHOOKS = 100;

    private TestService service;
    private Credentials admin;

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(
                home,
                Map.of(
                        "KEYSWEEP_QUOTA_PROJECTS", String.valueOf(MAX_PROJECTS),
                        "KEYSWEEP_QUOTA_INSTANCES_PER_PROJECT", String.valueOf(MAX_INSTANCES),
                        "KEYSWEEP_QUOTA_ACCESS_KEYS_PER_PROJECT", "4",
                        "KEYSWEEP_QUOTA_ACCESS_KEYS_PER_USER", "2",
                        "KEYSWEEP_QUOTA_USERS_PER_PROJECT", "2"));
        admin = service.administrator();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void accessKeys_createdAtTheSameTime_doNotExceedTheLimitOfTheProject() throws Exception {
        Credentials teamKey = service.project("keys");
        String keys = "/api/v1/projects/" + teamKey.projectId() + "/access-keys";

        // The project was created with its first key, so the limit of 4 leaves room for three.
        assertThat(statusesAtTheSameTime(number -> service.call(admin, "POST", keys, "{\"policies\":[\"viewer\"]}")))
                .containsOnly(201, 409)
                .filteredOn(status -> status == 201)
                .hasSize(3);

        assertRefused(
                service.call(admin, "POST", keys, "{\"policies\":[\"viewer\"]}"),
                "A project can have 4 access keys at most, by the setting quota.access-keys-per-project.");
        assertRefused(
                service.call(admin, "POST", keys + "/" + teamKey.accessKey() + "/rotate", "{}"),
                "4 access keys at most");
    }

    @Test
    void instancesAndWebhooks_createdAtTheSameTime_doNotExceedTheirLimits() throws Exception {
        Credentials teamKey = service.project("burst");
        List<Integer> statuses = statusesAtTheSameTime(number -> service.call(
                teamKey,
                "POST",
                "/api/v1/instances",
                "{\"name\":\"i" + number + "\",\"uri\":\"redis://127.0.0.1:1\"}"));
        assertThat(statuses)
                .containsOnly(201, 409)
                .filteredOn(status -> status == 201)
                .hasSize(MAX_INSTANCES);

        // All webhooks of the project but two are created. So two of the twelve calls that follow succeed.
        String webhook = "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"scan.failed\"]}";
        for (int i = 0; i < MAX_WEBHOOKS - 2; i++) {
            assertThat(service.call(teamKey, "POST", "/api/v1/webhooks", webhook)
                            .status())
                    .isEqualTo(201);
        }
        assertThat(statusesAtTheSameTime(number -> service.call(teamKey, "POST", "/api/v1/webhooks", webhook)))
                .containsOnly(201, 409)
                .filteredOn(status -> status == 201)
                .hasSize(2);
    }

    @Test
    void usersAndKeysOfAUser_beyondTheirLimits_areRefused() {
        Credentials teamKey = service.project("people");
        String users = "/api/v1/projects/" + teamKey.projectId() + "/users";

        assertThat(service.call(admin, "POST", users, userDocument("ann")).status())
                .isEqualTo(201);
        assertThat(service.call(admin, "POST", users, userDocument("ben")).status())
                .isEqualTo(201);
        assertRefused(
                service.call(admin, "POST", users, userDocument("cem")),
                "A project can have 2 users at most, by the setting quota.users-per-project.");

        // Ann signs in, and creates keys.
        String token = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", "application/json"),
                        "{\"auth\":{\"identity\":{\"password\":{\"user\":{\"name\":\"ann\",\"password\":\"" + PASSWORD
                                + "\"}}}}}")
                .header("X-Subject-Token");
        Map<String, String> headers = Map.of("Content-Type", "application/json", "X-Auth-Token", token);
        String keys = "/api/v1/projects/" + teamKey.projectId() + "/access-keys";

        assertThat(service.send("POST", keys, headers, "{}").status()).isEqualTo(201);
        assertThat(service.send("POST", keys, headers, "{}").status()).isEqualTo(201);
        assertRefused(
                service.send("POST", keys, headers, "{}"),
                "A user can own 2 access keys at most, by the setting quota.access-keys-per-user.");

        // The limit per user keeps a user without rights from using up the limit of the project.
        assertThat(service.call(admin, "POST", keys, "{\"policies\":[\"viewer\"]}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void instances_beyondTheLimit_areRefused_alsoInADocumentOfAllInstances() {
        Credentials teamKey = service.project("instances");
        service.register(teamKey, "a", "redis://127.0.0.1:1");
        service.register(teamKey, "b", "redis://127.0.0.1:1");
        String limit = "A project can have 3 instances at most, by the setting quota.instances-per-project.";

        // The document does not contain the instance a, which is kept. So d would be the fourth instance.
        assertRefused(apply(teamKey, "", "b", "c", "d"), limit);
        assertThat(apply(teamKey, "", "b", "c").status()).isEqualTo(200);
        assertRefused(
                service.call(teamKey, "POST", "/api/v1/instances", "{\"name\":\"d\",\"uri\":\"redis://127.0.0.1:1\"}"),
                limit);

        // With prune, the instances that the document does not contain are removed. So only the instances of the
        // document must be within the limit.
        assertRefused(apply(teamKey, "?prune=true", "d", "e", "f", "g"), limit);
        assertThat(apply(teamKey, "?prune=true", "d", "e", "f").status()).isEqualTo(200);
        assertThat(apply(teamKey, "", "d", "e").status()).isEqualTo(200);
    }

    @Test
    void accessPolicies_beyondTheLimit_areRefused_andExistingOnesCanBeReplaced() {
        String policies = "/api/v1/projects/" + service.project("policies").projectId() + "/access-policies/";
        String body = "{\"statements\":[{\"effect\":\"allow\",\"actions\":[\"dcs:instance:get\"]}]}";
        for (int i = 0; i < AccessPolicies.MAX_POLICIES; i++) {
            assertThat(service.call(admin, "PUT", policies + "policy-" + i, body)
                            .status())
                    .isEqualTo(200);
        }

        assertRefused(
                service.call(admin, "PUT", policies + "one-more", body),
                "A project can have 200 access policies at most.");
        assertThat(service.call(admin, "PUT", policies + "policy-1", body).status())
                .isEqualTo(200);
    }

    @Test
    void projects_beyondTheLimit_areRefused() {
        int existing = service.call(admin, "GET", "/api/v1/projects", "").body().size();
        for (int i = existing; i < MAX_PROJECTS; i++) {
            assertThat(service.call(admin, "POST", "/api/v1/projects", "{\"name\":\"more-" + i + "\"}")
                            .status())
                    .isEqualTo(201);
        }

        assertRefused(
                service.call(admin, "POST", "/api/v1/projects", "{\"name\":\"more-6\"}"),
                "The service can have 6 projects at most, by the setting quota.projects.");

        // Other tests need room for their projects.
        service.call(admin, "GET", "/api/v1/projects", "").body().forEach(project -> {
            if (project.get("name").asString().startsWith("more-")) {
                service.call(
                        admin, "DELETE", "/api/v1/projects/" + project.get("id").asString(), "");
            }
        });
    }

    /** Makes twelve calls at the same time, and returns the status of each answer. */
    private static List<Integer> statusesAtTheSameTime(IntFunction<Answer> call) throws Exception {
        int calls = 12;
        CountDownLatch ready = new CountDownLatch(calls);
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls)) {
            for (int i = 0; i < calls; i++) {
                int number = i;
                answers.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return call.apply(number).status();
                }));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            statuses.add(answer.get());
        }
        return statuses;
    }

    /** Applies a document with instances of these names. Without prune, other instances are kept. */
    private Answer apply(Credentials teamKey, String query, String... names) {
        List<String> instances = new ArrayList<>();
        for (String name : names) {
            instances.add("{\"name\":\"" + name + "\",\"uri\":\"redis://127.0.0.1:1\"}");
        }
        return service.call(
                teamKey,
                "POST",
                "/api/v1/instances/apply" + query,
                "{\"instances\":[" + String.join(",", instances) + "]}");
    }

    private static String userDocument(String name) {
        return "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"policies\":[]}";
    }

    /** Checks that a request was refused because of a limit. */
    private static void assertRefused(Answer answer, String rule) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(409);
        assertThat(answer.body().get("code").asString()).isEqualTo(ErrorCode.QUOTA_REACHED.code());
        assertThat(answer.body().get("detail").asString()).contains(rule, "Remove one that is no longer needed first.");
    }
}
