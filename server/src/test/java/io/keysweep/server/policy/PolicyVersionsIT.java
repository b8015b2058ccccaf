package io.keysweep.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a change of a policy is refused if it names a version that is no longer current.
 *
 * <p>The tests cover every kind of policy and every owner, on both databases.
 */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class PolicyVersionsIT {

    private final String dialect;
    private TestService service;
    private Credentials key;

    PolicyVersionsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        key = service.newAdministrator("versions of policies");
    }

    @Test
    void policy_ofEachKindAndOwner_isChangedOnlyForItsCurrentVersion() {
        String project = "/api/v1/projects/" + key.projectId();
        String instance = "/api/v1/instances/" + service.register(key, "i", "redis://127.0.0.1:1");

        // Each path has a document, which is valid for its kind of policy.
        Map.of(
                        project + "/windows",
                        "{\"spreadMinutes\":5}",
                        instance + "/windows",
                        "{\"spreadMinutes\":5}",
                        project + "/start-policy",
                        "{}",
                        instance + "/start-policy",
                        "{}",
                        project + "/ceilings",
                        "{\"maxShare\":0.5}",
                        instance + "/ceilings",
                        "{\"maxRate\":5}",
                        project + "/budget",
                        "{\"sweeps\":3}")
                .forEach(this::assertVersions);
    }

    /** Checks the versions of a policy from the first document to its removal. */
    private void assertVersions(String path, String document) {
        // Each change raises the version. A change that names none, or any (*), is always made.
        assertThat(etag("GET", path, "", Map.of())).as(path).isEqualTo("\"0\"");
        assertThat(etag("PUT", path, document, ifMatch("\"0\""))).isEqualTo("\"1\"");
        assertStale("PUT", path, document, "\"0\"", "\"1\"");
        assertThat(etag("PUT", path, document, ifMatch("\"1\""))).isEqualTo("\"2\"");
        assertThat(etag("PUT", path, document, ifMatch("*"))).isEqualTo("\"3\"");
        assertThat(etag("PUT", path, document, Map.of())).isEqualTo("\"4\"");

        Answer shown = service.call(key, "GET", path, "");
        assertThat(shown.header("ETag")).isEqualTo("\"4\"");
        assertThat(shown.body().get("version").asInt()).isEqualTo(4);

        // A malformed or stale version is refused.
        Answer malformed = service.call(key, "PUT", path, document, ifMatch("4"));
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.body().get("code").asString()).isEqualTo(ErrorCode.INVALID_PARAMETER.code());
        assertStale("DELETE", path, "", "\"3\"", "\"4\"");

        // A removal raises the version too, so that no version is used for two documents.
        assertThat(service.call(key, "DELETE", path, "", ifMatch("\"4\"")).status())
                .isEqualTo(204);
        assertThat(service.call(key, "DELETE", path, "").status()).isEqualTo(204);
        assertThat(etag("GET", path, "", Map.of())).isEqualTo("\"5\"");
        assertStale("PUT", path, document, "\"0\"", "\"5\"");
    }

    /** Checks that a change for version {@code seen} is refused, because the policy has version {@code now}. */
    private void assertStale(String method, String path, String body, String seen, String now) {
        Answer stale = service.call(key, method, path, body, ifMatch(seen));
        assertThat(stale.status()).as(path).isEqualTo(412);
        assertThat(stale.body().get("code").asString()).isEqualTo(ErrorCode.STALE.code());
        assertThat(stale.body().get("detail").asString())
                .startsWith("If-Match is " + seen)
                .endsWith(" is " + now + ".");
    }

    /** Returns the ETag in the answer, the version of the policy. */
    private String etag(String method, String path, String body, Map<String, String> headers) {
        Answer answer = service.call(key, method, path, body, headers);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.header("ETag");
    }

    private static Map<String, String> ifMatch(String etag) {
        return Map.of("If-Match", etag);
    }
}
