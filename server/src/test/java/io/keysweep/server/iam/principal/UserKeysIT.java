package io.keysweep.server.iam.principal;

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

/** Tests the access keys that users own: how the rights of the user limit them, and how they end, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class UserKeysIT {

    private final String dialect;
    private UserFixture user;
    private TestService service;
    private Credentials admin;
    private String name;

    UserKeysIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        user = new UserFixture(service);
        admin = user.admin();
        name = user.name();
    }

    @Test
    void keyOfAUser_actsAsTheUser_andCannotChangeTheUser() {
        user.create("\"policies\":[\"administrator\"]");
        Credentials keyOfUser = service.newKey(admin, admin.projectId(), "{\"userId\":\"" + name + "\"}");

        for (String body : new String[] {"{\"password\":\"another horse battery\"}", "{\"policies\":[]}"}) {
            Answer refusal = service.call(keyOfUser, "PATCH", user.users() + "/" + name, body);
            assertThat(refusal.body().get("code").asString()).as(body).isEqualTo(ErrorCode.OWN_USER.code());
        }

        assertThat(service.call(keyOfUser, "DELETE", user.users() + "/" + name, "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.OWN_USER.code());
        assertThat(user.token(name, UserFixture.PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void userWithoutRightsOnKeys_managesOwnKeysOnly() {
        // The user creates a key, which follows the rights of the user.
        user.create("\"policies\":[\"viewer\"]");
        String token = user.token(name, UserFixture.PASSWORD).header("X-Subject-Token");
        Credentials keyOfUser = Credentials.of(callKeys(token, "POST", "", "{}").created());
        assertThat(service.call(keyOfUser, "GET", "/api/v1/instances", "").status())
                .isEqualTo(200);
        assertThat(service.call(keyOfUser, "GET", "/api/v1/webhooks", "").status())
                .isEqualTo(403);

        user.change("{\"policies\":[]}");
        assertThat(service.call(keyOfUser, "GET", "/api/v1/instances", "").status())
                .isEqualTo(403);

        user.change("{\"policies\":[\"viewer\"]}");
        assertThat(service.call(keyOfUser, "GET", "/api/v1/instances", "").status())
                .isEqualTo(200);

        // The user sees and creates no keys of others.
        Answer listed = callKeys(token, "GET", "", "");
        assertThat(listed.body()).hasSize(1);
        assertThat(listed.body().get(0).get("userId").asString()).isEqualTo(name);
        assertThat(callKeys(token, "GET", "/" + admin.accessKey(), "").status()).isEqualTo(404);
        assertThat(callKeys(token, "DELETE", "/" + admin.accessKey(), "").status())
                .isEqualTo(404);
        assertThat(callKeys(token, "POST", "", "{\"userId\":\"another\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("userId is 'another', must be your own name");

        // A user's key cannot create other keys. Otherwise, a thief of the key could keep access after its withdrawal.
        assertThat(service.call(keyOfUser, "POST", accessKeysPath(), "{}").status())
                .isEqualTo(403);

        // The audit log names the user besides the key.
        String audit = service.call(admin, "GET", "/api/v1/audit?actor=" + keyOfUser.accessKey(), "")
                .response()
                .body();
        assertThat(audit).contains("\"user\":\"" + name + "\"");

        // The user rotates and withdraws the key.
        Answer rotated = callKeys(token, "POST", "/" + keyOfUser.accessKey() + "/rotate", "{\"overlapMinutes\":0}");
        assertThat(service.call(keyOfUser, "GET", "/api/v1/instances", "").status())
                .isEqualTo(401);

        Credentials newKey = Credentials.of(rotated.created());
        assertThat(service.call(newKey, "GET", "/api/v1/instances", "").status())
                .isEqualTo(200);
        assertThat(callKeys(token, "DELETE", "/" + newKey.accessKey(), "").status())
                .isEqualTo(204);
        assertThat(service.call(newKey, "GET", "/api/v1/instances", "").status())
                .isEqualTo(401);
    }

    @Test
    void keysOfAUser_areLimitedByTheUser_andEndWithTheUser() {
        // The key has more policies than its owner, but allows only what the owner may do.
        user.create("\"policies\":[\"viewer\"]");
        Credentials key = service.newKey(
                admin, admin.projectId(), "{\"userId\":\"" + name + "\",\"policies\":[\"administrator\"]}");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
        assertThat(service.call(key, "GET", "/api/v1/webhooks", "").status()).isEqualTo(403);

        // An owner must exist.
        assertThat(service.call(admin, "POST", accessKeysPath(), "{\"userId\":\"nobody-here\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("userId is 'nobody-here', must be the name of a user of the project");

        // A key manager without all rights must name the rights of the key, because the user could get more rights
        // later.
        user.setPolicy("managers", "keysweep:access-key:manage");
        Credentials manager = service.newKey(admin, admin.projectId(), "{\"policies\":[\"managers\"]}");
        assertThat(service.call(manager, "POST", accessKeysPath(), "{\"userId\":\"" + name + "\"}")
                        .status())
                .isEqualTo(403);

        // While the owner is disabled, the key is refused.
        user.change("{\"disabled\":true}");
        Answer refusal = service.call(key, "GET", "/api/v1/instances", "");
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.body().get("detail").asString()).contains("The user " + name + ", who owns the access key");
        assertThat(state(key)).isEqualTo("ownerDisabled");

        user.change("{\"disabled\":false}");
        assertThat(state(key)).isEqualTo("enabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);

        // The key is removed together with the user.
        assertThat(service.call(admin, "DELETE", user.users() + "/" + name, "").status())
                .isEqualTo(204);
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(401);
        assertThat(service.call(admin, "GET", accessKeysPath() + "/" + key.accessKey(), "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void stateOfAKey_isTheFirstReasonForWhichTheKeyIsRefused() {
        user.create("\"policies\":[\"viewer\"]");
        Credentials key = service.newKey(admin, admin.projectId(), "{\"userId\":\"" + name + "\"}");
        String path = accessKeysPath() + "/" + key.accessKey();

        assertThat(state(key)).isEqualTo("enabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);

        // The reasons in their order: a disabled key, an expired key, a disabled owner. Here they occur in the reverse
        // order, so each reason replaces the one before it.
        user.change("{\"disabled\":true}");
        service.call(admin, "PATCH", path, "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
        assertThat(state(key)).isEqualTo("expired");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").body().toString())
                .contains("expired at 2020");

        service.call(admin, "PATCH", path, "{\"disabled\":true}");
        assertThat(state(key)).isEqualTo("disabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").body().toString())
                .contains(key.accessKey() + " is disabled");

        // The reasons end one after the other.
        service.call(admin, "PATCH", path, "{\"disabled\":false,\"expiresAt\":null}");
        assertThat(state(key)).isEqualTo("ownerDisabled");

        user.change("{\"disabled\":false}");
        assertThat(state(key)).isEqualTo("enabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
    }

    /** Returns the state of a key in the API, and checks that the list shows the same state. */
    private String state(Credentials key) {
        String state = service.call(admin, "GET", accessKeysPath() + "/" + key.accessKey(), "")
                .body()
                .get("state")
                .asString();
        assertThat(service.call(admin, "GET", accessKeysPath(), "").body().valueStream())
                .anyMatch(listed -> listed.get("accessKey").asString().equals(key.accessKey())
                        && listed.get("state").asString().equals(state));
        return state;
    }

    /** Calls the operations on access keys with a token. */
    private Answer callKeys(String token, String method, String path, String body) {
        return service.send(
                method,
                accessKeysPath() + path,
                Map.of("Content-Type", "application/json", "X-Auth-Token", token),
                body);
    }

    private String accessKeysPath() {
        return "/api/v1/projects/" + admin.projectId() + "/access-keys";
    }
}
