package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests people with passwords: their tokens, their rights, and how both end, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class UsersIT {

    private static final String PASSWORD = "correct horse battery";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final String dialect;
    private final String name = "user-" + UUID.randomUUID();
    private TestService service;
    private Credentials admin;

    UsersIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        admin = service.newAdministrator("users " + UUID.randomUUID());
    }

    @Test
    void user_withTheMethodPassword_getsATokenWithItsRights() {
        create("\"policies\":[\"viewer\"]");
        Answer answer = token(name, PASSWORD);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().at("/token/user/name").asString()).isEqualTo(name);
        assertThat(answer.body().at("/token/project/id").asString()).isEqualTo(admin.projectId());
        String token = answer.header("X-Subject-Token");
        assertThat(get("/api/v1/instances", token).status()).isEqualTo(200);
        assertThat(get("/v2/" + admin.projectId() + "/instances", token).status())
                .isEqualTo(200);
        assertThat(get("/api/v1/webhooks", token).body().get("title").asString())
                .contains("keysweep:webhook:manage");
        Answer shown =
                service.send("GET", "/v3/auth/tokens", Map.of("X-Auth-Token", token, "X-Subject-Token", token), "");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(token(name, PASSWORD + "!").status()).isEqualTo(401);
        // An access key still works in the same place.
        assertThat(token(admin.accessKey(), admin.secretKey()).status()).isEqualTo(201);
    }

    @Test
    void tokens_endWithTheNextPassword_whenTheUserIsDisabled_andWhenItIsRemoved() {
        create("\"policies\":[\"viewer\"]");
        String first = token(name, PASSWORD).header("X-Subject-Token");
        change("{\"password\":\"another horse battery\"}");
        assertThat(get("/api/v1/instances", first).status()).isEqualTo(401);
        assertThat(token(name, PASSWORD).status()).isEqualTo(401);
        String second = token(name, "another horse battery").header("X-Subject-Token");
        assertThat(get("/api/v1/instances", second).status()).isEqualTo(200);

        change("{\"disabled\":true}");
        assertThat(get("/api/v1/instances", second).status()).isEqualTo(401);
        assertThat(token(name, "another horse battery").body().toString()).contains("is disabled");
        change("{\"disabled\":false}");
        assertThat(get("/api/v1/instances", second).status()).isEqualTo(401);
        String third = token(name, "another horse battery").header("X-Subject-Token");
        // Rights have effect with the next request, and end no token.
        change("{\"policies\":[\"viewer\",\"operator\"]}");
        assertThat(get("/api/v1/instances", third).status()).isEqualTo(200);
        assertThat(service.call(admin, "DELETE", users() + "/" + name, "").status())
                .isEqualTo(204);
        assertThat(get("/api/v1/instances", third).status()).isEqualTo(401);
        assertThat(service.call(admin, "GET", users() + "/" + name, "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4955");
    }

    @Test
    void user_whoMayManageOthers_neitherGivesMoreNorChangesItself() {
        setPolicy("managers", "keysweep:access-key:manage");
        create("\"policies\":[\"managers\"]");
        String token = token(name, PASSWORD).header("X-Subject-Token");
        Map<String, String> headers = Map.of("Content-Type", "application/json", "X-Auth-Token", token);
        String other = "{\"name\":\"other-" + name.substring(5, 13) + "\",\"password\":\"" + PASSWORD + "\"";
        assertThat(service.send("POST", users(), headers, other + ",\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(403);
        assertThat(service.send("POST", users(), headers, other + ",\"policies\":[\"managers\"]}")
                        .status())
                .isEqualTo(201);
        assertThat(service.send("POST", users(), headers, other + "}")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4901");
        assertThat(service.send("PATCH", users() + "/" + name, headers, "{\"policies\":[]}")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4956");
        // Whoever sets the password of a mightier user could sign in as that user.
        String boss = "boss-" + name.substring(5, 13);
        assertThat(service.call(
                                admin,
                                "POST",
                                users(),
                                "{\"name\":\"" + boss + "\",\"password\":\"" + PASSWORD
                                        + "\",\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(201);
        assertThat(service.send("PATCH", users() + "/" + boss, headers, "{\"password\":\"" + PASSWORD + "\"}")
                        .status())
                .isEqualTo(403);
        assertThat(service.call(admin, "PUT", policies() + "/managers", policy("*"))
                        .status())
                .isEqualTo(200);
        assertThat(service.call(admin, "DELETE", policies() + "/managers", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4952");
    }

    @Test
    void user_withBadFields_isRefusedWithoutItsPassword() {
        Answer refused = service.call(
                admin, "POST", users(), "{\"name\":\"Alice\",\"password\":\"short\",\"policies\":[\"no such\"]}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("detail").asString())
                .contains("name is 'Alice'", "password (not shown here)", "policies[0] is 'no such'")
                .doesNotContain("short");
        assertThat(service.call(admin, "POST", users(), "{\"name\":\"" + name + "\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("password is missing");
        Answer unknown = service.call(
                admin,
                "POST",
                users(),
                "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"policies\":[\"unknown\"]}");
        assertThat(unknown.body().get("detail").asString()).startsWith("policies is 'unknown'");
    }

    private void create(String rights) {
        Answer created = service.call(
                admin, "POST", users(), "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"," + rights + "}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        assertThat(created.response().body()).doesNotContain(PASSWORD, "argon2");
    }

    private void change(String body) {
        Answer changed = service.call(admin, "PATCH", users() + "/" + name, body);
        assertThat(changed.status()).as(changed.response().body()).isEqualTo(200);
    }

    private void setPolicy(String policy, String action) {
        assertThat(service.call(admin, "PUT", policies() + "/" + policy, policy(action))
                        .status())
                .isEqualTo(200);
    }

    private static String policy(String action) {
        return "{\"statements\":[{\"effect\":\"allow\",\"actions\":[\"" + action + "\"]}]}";
    }

    private Answer token(String user, String password) {
        return service.send(
                "POST",
                "/v3/auth/tokens",
                JSON,
                "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"" + user
                        + "\",\"password\":\"" + password + "\",\"domain\":{\"id\":\"default\"}}}},"
                        + "\"scope\":{\"project\":{\"id\":\"" + admin.projectId() + "\"}}}}");
    }

    private Answer get(String path, String token) {
        return service.send("GET", path, Map.of("X-Auth-Token", token), "");
    }

    private String users() {
        return "/api/v1/projects/" + admin.projectId() + "/users";
    }

    private String policies() {
        return "/api/v1/projects/" + admin.projectId() + "/access-policies";
    }
}
