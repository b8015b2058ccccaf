package io.keysweep.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the native API refuses unknown fields, unknown parameters and invalid registrations. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NativeBadRequestsIT {

    private static final String NOWHERE = "redis://127.0.0.1:1";

    private TestService service;
    private Credentials key;
    private String instanceId;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("native bad requests");
        instanceId = service.register(key, "bad-requests", NOWHERE);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/instances",
        "POST, /api/v1/instances/test",
        "POST, /api/v1/instances/apply",
        "PATCH, /api/v1/instances/{instance}",
        "PUT, /api/v1/instances/{instance}/schedule",
        "PUT, /api/v1/instances/{instance}/windows",
        "PUT, /api/v1/instances/{instance}/start-policy",
        "POST, /api/v1/instances/{instance}/estimates",
        "POST, /api/v1/scans",
        "POST, /api/v1/projects",
        "PUT, /api/v1/projects/{project}",
        "POST, /api/v1/projects/{project}/access-keys",
        "PUT, /api/v1/projects/{project}/hold",
        "PUT, /api/v1/projects/{project}/windows",
        "PUT, /api/v1/projects/{project}/start-policy",
        "PUT, /api/v1/projects/{project}/budget",
        "PUT, /api/v1/projects/{project}/ceilings",
        "PUT, /api/v1/instances/{instance}/ceilings",
        "PUT, /api/v1/hold",
        "POST, /api/v1/webhooks",
    })
    void unknownField_inAnyBody_isRefused(String method, String path) {
        String url = path.replace("{project}", key.projectId()).replace("{instance}", instanceId);
        Answer answer = service.call(key, method, url, "{\"actionz\":[\"*\"]}");

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString()).contains("actionz is unknown; known are ");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/instances?tags=env=dev, tags",
        "GET, /api/v1/projects?name=x, name",
        "GET, /api/v1/scans?stat=failed, stat",
        "GET, /api/v1/workers?x, x",
        "GET, /api/v1/holds?offset=0, offset",
        "POST, /api/v1/instances/apply?dryrun=true, dryrun",
        "POST, /api/v1/instances/apply?dryRun=true&prun=true, prun",
    })
    void unknownParameter_ofAnyOperation_isRefused(String method, String path, String name) {
        Answer answer = service.call(key, method, path, method.equals("GET") ? "" : "{\"instances\":[]}");

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.body().get("title").asString()).isEqualTo("Invalid " + name + " in the request.");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /api/v1/instances/{instance}?force=yes, force, yes",
        "DELETE, /api/v1/instances/{instance}?force=1, force, 1",
        "DELETE, /api/v1/instances/{instance}?force=true&force=false, force, 'true,false'",
        "POST, /api/v1/instances/apply?dryRun=on, dryRun, on",
        "POST, /api/v1/instances/apply?prune=TRUE, prune, TRUE",
    })
    void flag_withAnotherValueThanTrueOrFalse_isRefused(String method, String path, String name, String value) {
        Answer answer = service.call(key, method, path.replace("{instance}", instanceId), "");

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString())
                .isEqualTo(name + " is '" + value + "', must be true or false.");
        assertThat(service.call(key, "GET", "/api/v1/instances/" + instanceId, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void registration_withInvalidFields_isRefused_withTheDetail() {
        for (String body : new String[] {
            "{\"name\":\"\",\"uri\":\"redis://127.0.0.1\"}",
            "{\"name\":\"n\",\"uri\":\"http://127.0.0.1\"}",
            "{\"name\":\"n\",\"uri\":\"redis://127.0.0.1:99999\"}",
            "{\"name\":\"n\",\"uri\":\"redis://127.0.0.1/3\"}",
            "{\"name\":\"n\"}",
            "{\"uri\":\"redis://127.0.0.1\"}"
        }) {
            Answer answer = service.call(key, "POST", "/api/v1/instances", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.body().get("detail").asString()).as(body).isNotBlank();
        }

        // The name of another instance is refused, too.
        Answer answerToTakenName = service.call(
                key, "POST", "/api/v1/instances", "{\"name\":\"bad-requests\",\"uri\":\"" + NOWHERE + "\"}");

        assertThat(answerToTakenName.status()).isEqualTo(409);
    }
}
