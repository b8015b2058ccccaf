package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests access policies, and that nobody can use them to grant or revoke missing rights, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class AccessPoliciesIT {

    private final String dialect;
    private TestService service;
    private AccessKeyFixture keys;

    /** An administrator of the whole service, with a new project for each test. */
    private Credentials admin;

    AccessPoliciesIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        keys = new AccessKeyFixture(service);
        admin = keys.admin();
    }

    @Test
    void changeOfAPolicy_takesEffectWithTheNextRequestOfItsKeys() {
        // The policy allows all actions on instances, and no control of scans.
        String instance = service.register(admin, "orders", "redis://127.0.0.1:1");
        keys.setPolicy(admin, "scans", "{\"effect\":\"allow\",\"actions\":[\"dcs:instance:*\"]}", 200);
        Credentials key = keys.create("{\"policies\":[\"scans\"]}");

        assertThat(service.call(key, "GET", "/api/v1/instances/" + instance, "").status())
                .isEqualTo(200);
        assertThat(service.call(key, "PUT", "/api/v1/projects/" + admin.projectId() + "/hold", "")
                        .body()
                        .get("title")
                        .asString())
                .contains("keysweep:scan:control");

        // The changed policy denies one action. It cannot be removed while a key has it.
        Answer changeAnswer = keys.setPolicy(
                admin,
                "scans",
                "{\"effect\":\"allow\",\"actions\":[\"dcs:instance:*\"]},"
                        + "{\"effect\":\"deny\",\"actions\":[\"dcs:instance:get\"],\"instances\":[\"" + instance
                        + "\"]}",
                200);
        assertThat(changeAnswer.header("ETag")).isEqualTo("\"2\"");

        assertThat(service.call(key, "GET", "/api/v1/instances/" + instance, "")
                        .body()
                        .get("title")
                        .asString())
                .contains("dcs:instance:get");
        assertThat(service.call(admin, "DELETE", keys.policies() + "/scans", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.ACCESS_POLICY_IN_USE.code());

        // A policy can be removed once no key has it.
        keys.change(key, "{\"policies\":[\"viewer\"]}", 200);
        assertThat(service.call(key, "GET", "/api/v1/instances/" + instance, "").status())
                .isEqualTo(200);
        assertThat(service.call(admin, "DELETE", keys.policies() + "/scans", "").status())
                .isEqualTo(204);

        // It is no longer known.
        assertThat(service.call(admin, "GET", keys.policies() + "/scans", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.UNKNOWN_ACCESS_POLICY.code());
        assertThat(keys.post(admin, "{\"policies\":[\"scans\"]}").status()).isEqualTo(400);

        service.call(admin, "DELETE", "/api/v1/instances/" + instance, "");
    }

    @Test
    void rightsThatACallerLacks_canNeitherBeGrantedNorRevoked() {
        Credentials manager =
                keys.create("{\"actions\":[" + AccessKeyFixture.READ + ",\"keysweep:access-key:manage\"]}");
        Credentials keyWithAllRights = keys.create("{\"actions\":[\"*\"]}");
        Credentials keyWithOneRight = keys.create("{\"actions\":[\"dcs:instance:get\"]}");
        String everything = "{\"effect\":\"allow\",\"actions\":[\"*\"]}";

        // The manager cannot create a key with more rights.
        assertThat(keys.post(manager, "{\"policies\":[\"administrator\"]}").status())
                .isEqualTo(403);
        assertThat(keys.post(manager, "{\"policies\":[\"operator\"]}").status()).isEqualTo(403);

        // The manager cannot create a policy with more rights.
        keys.setPolicy(manager, "mine", everything, 403);
        keys.setPolicy(manager, "mine", "{\"effect\":\"allow\",\"actions\":[\"dcs:instance:get\"]}", 200);

        // The manager cannot give more rights to the manager's own key or to another key.
        assertThat(keys.changeBy(manager, manager, "{\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(409);
        assertThat(keys.changeBy(manager, keyWithOneRight, "{\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(403);
        assertThat(keys.changeBy(manager, keyWithOneRight, "{\"policies\":[\"mine\"]}")
                        .status())
                .isEqualTo(200);

        // The manager cannot disable, end or rotate a key with more rights.
        assertThat(keys.changeBy(manager, keyWithAllRights, "{\"disabled\":true}")
                        .status())
                .isEqualTo(403);
        assertThat(keys.changeBy(manager, keyWithAllRights, "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(403);
        assertThat(service.call(manager, "POST", keys.path() + "/" + keyWithAllRights.accessKey() + "/rotate", "")
                        .status())
                .isEqualTo(403);

        // Neither a manager who lacks the denied right nor the key with the denial can remove the denial.
        keys.setPolicy(admin, "limits", "{\"effect\":\"deny\",\"actions\":[\"keysweep:audit:read\"]}", 200);
        Credentials limited = keys.create("{\"actions\":[\"*\"],\"policies\":[\"limits\"]}");
        keys.setPolicy(manager, "limits", "{\"effect\":\"deny\",\"actions\":[\"dcs:instance:get\"]}", 403);
        keys.setPolicy(limited, "limits", "{\"effect\":\"deny\",\"actions\":[\"dcs:instance:get\"]}", 403);

        // A new key of the limited key must have the same denial.
        assertThat(keys.post(limited, "{\"actions\":[\"*\"]}").status()).isEqualTo(403);
        assertThat(keys.post(limited, "{\"actions\":[\"*\"],\"policies\":[\"limits\"]}")
                        .status())
                .isEqualTo(201);

        // A key that is limited to an instance cannot create a key without this limit.
        Credentials keyOfOneInstance =
                keys.create("{\"actions\":[\"*\"],\"instances\":[\"" + UUID.randomUUID() + "\"]}");
        assertThat(keys.post(keyOfOneInstance, "{\"actions\":[\"dcs:instance:get\"]}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void policy_withInvalidFields_isRefused_withTheField() {
        assertRefused("{\"effect\":\"permit\",\"actions\":[\"*\"]}", "statements[0].effect is 'permit'");
        assertRefused("{\"effect\":\"allow\",\"actions\":[\"dcs:instance:lst\"]}", "statements[0].actions[0] is 'dcs");
        assertRefused("{\"effect\":\"allow\",\"actions\":[\"*\"],\"instances\":[\"x\"]}", "statements[0].instances[0]");
        assertRefused("{\"effect\":\"allow\",\"actions\":[\"*\"],\"tags\":{}}", "statements[0].tags is '{}'");
        assertRefused("{\"effect\":\"allow\"}", "statements[0].actions must be");
        assertRefused("", "statements is '[]'");

        // A built-in role cannot be changed.
        assertThat(keys.setPolicy(admin, "viewer", "{\"effect\":\"deny\",\"actions\":[\"*\"]}", 409)
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.BUILT_IN_ROLE.code());
    }

    /** Checks that a policy with this statement is refused with a detail that begins in this way. */
    private void assertRefused(String statement, String detail) {
        assertThat(keys.setPolicy(admin, "bad", statement, 400)
                        .body()
                        .get("detail")
                        .asString())
                .startsWith(detail);
    }
}
