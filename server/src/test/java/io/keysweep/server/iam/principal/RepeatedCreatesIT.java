package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
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
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests repeated create requests of projects and access keys, on both databases.
 *
 * <p>The service must create each resource once, and show its secret once. The requests of one operation have the same
 * idempotency key.
 */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class RepeatedCreatesIT {

    private static final String PROJECTS = "/api/v1/projects";

    private final String dialect;
    private TestService service;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    RepeatedCreatesIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        admin = service.newAdministrator("repeated creates " + UUID.randomUUID());
    }

    @Test
    void repeatedRequestForAProject_createsOneProject_andShowsItsSecretOnce() {
        // The first request creates the project. Then an administrator renames it.
        JsonNode firstAnswer = created(post(PROJECTS, "{\"name\":\"once team\"}", "p/1"));
        assertThat(firstAnswer.get("secretKey").asString()).hasSize(40);

        String projectId = firstAnswer.get("projectId").asString();
        service.call(admin, "PUT", PROJECTS + "/" + projectId, "{\"name\":\"once crew\"}");

        // The repeated request shows the project as it is now, without the secret.
        JsonNode repeated = created(post(PROJECTS, "{\"name\":\"once team\"}", "p/1"));
        assertThat(repeated.propertyNames()).containsExactlyInAnyOrder("projectId", "name", "accessKey");
        assertThat(repeated.get("projectId")).isEqualTo(firstAnswer.get("projectId"));
        assertThat(repeated.get("accessKey")).isEqualTo(firstAnswer.get("accessKey"));
        assertThat(repeated.get("name").asString()).isEqualTo("once crew");
        assertThat(projectNames()).doesNotContain("once team").containsOnlyOnce("once crew");
        assertReused(post(PROJECTS, "{\"name\":\"other\"}", "p/1"));

        // The repeated request also shows that the key was withdrawn.
        String keys = keysPath(firstAnswer.get("projectId").asString());
        service.call(admin, "DELETE", keys + "/" + firstAnswer.get("accessKey").asString(), "");
        assertThat(created(post(PROJECTS, "{\"name\":\"once team\"}", "p/1")).propertyNames())
                .containsExactlyInAnyOrder("projectId", "name");

        // Without an idempotency key, or with a new idempotency key, the request is not a repeated one, so the name is
        // in use.
        assertThat(service.call(admin, "POST", PROJECTS, "{\"name\":\"once crew\"}")
                        .status())
                .isEqualTo(409);
        assertThat(post(PROJECTS, "{\"name\":\"once crew\"}", "p/2").status()).isEqualTo(409);
        assertThat(created(post(PROJECTS, "{\"name\":\"once team\"}", "p/2")).has("secretKey"))
                .isTrue();
    }

    @Test
    void repeatedRequestForAnAccessKey_createsOneKey_andShowsItsSecretOnce() {
        String keys = keysPath(admin.projectId());
        String body = "{\"actions\":[\"dcs:instance:list\"]}";
        JsonNode firstAnswer = created(post(keys, body, "k/1"));
        JsonNode repeated = created(post(keys, body, "k/1"));

        assertThat(firstAnswer.has("secretKey")).isTrue();
        assertThat(repeated.has("secretKey")).isFalse();
        assertThat(repeated.get("accessKey")).isEqualTo(firstAnswer.get("accessKey"));

        // The project id with dashes makes no difference.
        JsonNode dashed = created(post(keysPath(admin.dashedProjectId()), body, "k/1"));
        assertThat(dashed.get("accessKey")).isEqualTo(firstAnswer.get("accessKey"));
        assertThat(service.call(admin, "GET", keys, "").body()).hasSize(2);
        assertReused(post(keys, "{\"actions\":[\"dcs:instance:get\"]}", "k/1"));

        // The idempotency key cannot be used for another path.
        Credentials teamKey = service.project("without keys");
        assertReused(post(keysPath(teamKey.projectId()), body, "k/1"));
        assertReused(post(PROJECTS, "{\"name\":\"x\"}", "k/1"));
        assertThat(service.call(admin, "GET", keysPath(teamKey.projectId()), "").body())
                .hasSize(1);

        // After the withdrawal of the key, the request creates another one.
        service.call(admin, "DELETE", keys + "/" + firstAnswer.get("accessKey").asString(), "");
        assertThat(created(post(keys, body, "k/1")).get("accessKey")).isNotEqualTo(firstAnswer.get("accessKey"));
    }

    @Test
    void manyEqualRequests_atTheSameTime_createOneResource_andShowItsSecretOnce() throws Exception {
        int callers = 6;
        for (String[] request : new String[][] {
            {PROJECTS, "{\"name\":\"together\"}"},
            {keysPath(admin.projectId()), "{\"actions\":[\"dcs:instance:list\"]}"}
        }) {
            Callable<JsonNode> call = () -> created(post(request[0], request[1], "at once " + request[0]));
            List<JsonNode> answers = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
                for (Future<JsonNode> answer : threads.invokeAll(Collections.nCopies(callers, call))) {
                    answers.add(answer.get());
                }
            }

            assertThat(answers).filteredOn(answer -> answer.has("secretKey")).hasSize(1);
            assertThat(answers)
                    .extracting(answer -> answer.get("accessKey").asString())
                    .doesNotContainNull()
                    .containsOnly(answers.getFirst().get("accessKey").asString());
        }

        assertThat(projectNames()).containsOnlyOnce("together");
        assertThat(service.call(admin, "GET", keysPath(admin.projectId()), "").body())
                .hasSize(2);
    }

    /** A plain hash of a short body could allow an attacker to guess the password in it. */
    @Test
    void body_ofARepeatableRequest_isNotStoredAsAPlainHash() throws Exception {
        // The repeated request is recognised, and a request with another password is not the same.
        String body = "{\"name\":\"hashed\",\"uri\":\"redis://127.0.0.1:1\",\"password\":\"hush\"}";
        for (int i = 0; i < 2; i++) {
            assertThat(service.call(admin, "POST", "/api/v1/instances", body, Map.of("Idempotency-Key", "k"))
                            .status())
                    .isEqualTo(201);
        }
        assertThat(service.call(
                                admin,
                                "POST",
                                "/api/v1/instances",
                                body.replace("hush", "push"),
                                Map.of("Idempotency-Key", "k"))
                        .status())
                .isEqualTo(422);

        // The stored text has the length of a SHA-256 hash, and is not the hash of the body.
        String storedRequest = service.bean(JdbcClient.class)
                .sql("select request from idempotency_key where project_id = ?")
                .param(admin.projectId())
                .query(String.class)
                .single();
        assertThat(storedRequest)
                .hasSize(64)
                .isNotEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8))));
    }

    private List<String> projectNames() {
        return service.call(admin, "GET", PROJECTS, "").body().findValuesAsString("name");
    }

    /** Sends a create request with an idempotency key. */
    private Answer post(String path, String body, String key) {
        return service.call(admin, "POST", path, body, Map.of("Idempotency-Key", key.replace(' ', '-')));
    }

    /** Checks that a request has created a resource or found it again, and returns the resource. */
    private static JsonNode created(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body();
    }

    /** Checks that a request is refused because its idempotency key belongs to another request. */
    private static void assertReused(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
        assertThat(answer.body().get("code").asString()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED.code());
    }

    private static String keysPath(String projectId) {
        return PROJECTS + "/" + projectId + "/access-keys";
    }
}
