package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests users with passwords: their tokens and rights, and how both end, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class UsersIT {

    private final String dialect;
    private UserFixture user;
    private TestService service;
    private Credentials admin;
    private String name;

    UsersIT(String dialect) {
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
    void user_withTheRightPassword_getsATokenWithTheRightsOfTheUser() {
        user.create("\"policies\":[\"viewer\"]");
        Answer answer = user.token(name, UserFixture.PASSWORD);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().at("/token/user/name").asString()).isEqualTo(name);
        assertThat(answer.body().at("/token/project/id").asString()).isEqualTo(admin.projectId());

        String token = answer.header("X-Subject-Token");
        assertThat(user.get("/api/v1/instances", token).status()).isEqualTo(200);
        assertThat(user.get("/v2/" + admin.projectId() + "/instances", token).status())
                .isEqualTo(200);
        assertThat(user.get("/api/v1/webhooks", token).body().get("title").asString())
                .contains("keysweep:webhook:manage");

        Answer shown =
                service.send("GET", "/v3/auth/tokens", Map.of("X-Auth-Token", token, "X-Subject-Token", token), "");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(user.token(name, UserFixture.PASSWORD + "!").status()).isEqualTo(401);
        // The same fields of the request also accept an access key and its secret key.
        assertThat(user.token(admin.accessKey(), admin.secretKey()).status()).isEqualTo(201);
    }

    @Test
    void tokensOfAUser_endWithAnotherPassword_andWhenTheUserIsDisabledOrRemoved() {
        // Another password.
        user.create("\"policies\":[\"viewer\"]");
        String first = user.token(name, UserFixture.PASSWORD).header("X-Subject-Token");
        user.change("{\"password\":\"another horse battery\"}");
        assertThat(user.get("/api/v1/instances", first).status()).isEqualTo(401);
        assertThat(user.token(name, UserFixture.PASSWORD).status()).isEqualTo(401);

        String second = user.token(name, "another horse battery").header("X-Subject-Token");
        assertThat(user.get("/api/v1/instances", second).status()).isEqualTo(200);

        // A disabled user. The token stays refused after the user is enabled.
        user.change("{\"disabled\":true}");
        assertThat(user.get("/api/v1/instances", second).status()).isEqualTo(401);
        assertThat(user.token(name, "another horse battery").body().toString()).contains("is disabled");

        user.change("{\"disabled\":false}");
        assertThat(user.get("/api/v1/instances", second).status()).isEqualTo(401);

        // A change of the rights does not end a token.
        String third = user.token(name, "another horse battery").header("X-Subject-Token");
        user.change("{\"policies\":[\"viewer\",\"operator\"]}");
        assertThat(user.get("/api/v1/instances", third).status()).isEqualTo(200);

        // A removed user.
        assertThat(service.call(admin, "DELETE", user.users() + "/" + name, "").status())
                .isEqualTo(204);
        assertThat(user.get("/api/v1/instances", third).status()).isEqualTo(401);
        assertThat(service.call(admin, "GET", user.users() + "/" + name, "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4955");
    }

    @Test
    void userWhoManagesOthers_cannotGrantMissingRights_andCannotChangeTheOwnUser() {
        user.setPolicy("managers", "keysweep:access-key:manage");
        user.create("\"policies\":[\"managers\"]");
        String token = user.token(name, UserFixture.PASSWORD).header("X-Subject-Token");
        Map<String, String> headers = Map.of("Content-Type", "application/json", "X-Auth-Token", token);
        String other =
                "{\"name\":\"other-" + name.substring(5, 13) + "\",\"password\":\"" + UserFixture.PASSWORD + "\"";

        assertThat(service.send("POST", user.users(), headers, other + ",\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(403);
        assertThat(service.send("POST", user.users(), headers, other + ",\"policies\":[\"managers\"]}")
                        .status())
                .isEqualTo(201);
        assertThat(service.send("POST", user.users(), headers, other + "}")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4901");
        assertThat(service.send("PATCH", user.users() + "/" + name, headers, "{\"policies\":[]}")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4956");

        // A caller who sets the password of a user with more rights could sign in as that user.
        String boss = "boss-" + name.substring(5, 13);
        assertThat(service.call(
                                admin,
                                "POST",
                                user.users(),
                                "{\"name\":\"" + boss + "\",\"password\":\"" + UserFixture.PASSWORD
                                        + "\",\"policies\":[\"administrator\"]}")
                        .status())
                .isEqualTo(201);
        assertThat(service.send(
                                "PATCH",
                                user.users() + "/" + boss,
                                headers,
                                "{\"password\":\"" + UserFixture.PASSWORD + "\"}")
                        .status())
                .isEqualTo(403);

        // A policy can be changed, but not removed, while a user has it.
        assertThat(service.call(admin, "PUT", user.policies() + "/managers", UserFixture.policy("*"))
                        .status())
                .isEqualTo(200);
        assertThat(service.call(admin, "DELETE", user.policies() + "/managers", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4952");
    }

    @Test
    void userWithInvalidFields_isRefused_andTheMessageDoesNotContainThePassword() {
        Answer refused = service.call(
                admin, "POST", user.users(), "{\"name\":\"Alice\",\"password\":\"short\",\"policies\":[\"no such\"]}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("detail").asString())
                .contains("name is 'Alice'", "password (not shown here)", "policies[0] is 'no such'")
                .doesNotContain("short");
        assertThat(service.call(admin, "POST", user.users(), "{\"name\":\"" + name + "\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("password is missing");

        Answer unknown = service.call(
                admin,
                "POST",
                user.users(),
                "{\"name\":\"" + name + "\",\"password\":\"" + UserFixture.PASSWORD + "\",\"policies\":[\"unknown\"]}");
        assertThat(unknown.body().get("detail").asString()).startsWith("policies is 'unknown'");
    }
}
