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

/** Tests users with passwords, on both databases: when their tokens are valid, and which rights they can give. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class UsersIT {

    private static final String NEW_PASSWORD = "another horse battery";

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

        // A viewer may list instances, and may not see webhooks.
        String token = answer.header("X-Subject-Token");
        assertThat(user.get("/api/v1/instances", token).status()).isEqualTo(200);
        assertThat(user.get("/v2/" + admin.projectId() + "/instances", token).status())
                .isEqualTo(200);
        assertThat(user.get("/api/v1/webhooks", token).body().get("title").asString())
                .contains("keysweep:webhook:manage");

        // The user can show the token. A wrong password gives no token.
        Answer shown =
                service.send("GET", "/v3/auth/tokens", Map.of("X-Auth-Token", token, "X-Subject-Token", token), "");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(user.token(name, UserFixture.PASSWORD + "!").status()).isEqualTo(401);

        // The same fields of the request also accept an access key and its secret key.
        assertThat(user.token(admin.accessKey(), admin.secretKey()).status()).isEqualTo(201);
    }

    @Test
    void tokensOfAUser_afterAChangeOfThePassword_areRefused() {
        user.create("\"policies\":[\"viewer\"]");
        String oldToken = issueToken(UserFixture.PASSWORD);

        user.change("{\"password\":\"" + NEW_PASSWORD + "\"}");

        assertThat(user.get("/api/v1/instances", oldToken).status()).isEqualTo(401);
        assertThat(user.token(name, UserFixture.PASSWORD).status()).isEqualTo(401);
        assertThat(user.get("/api/v1/instances", issueToken(NEW_PASSWORD)).status())
                .isEqualTo(200);
    }

    @Test
    void tokensOfAUser_whoWasDisabled_areRefused_evenAfterTheUserIsEnabled() {
        user.create("\"policies\":[\"viewer\"]");
        String token = issueToken(UserFixture.PASSWORD);

        user.change("{\"disabled\":true}");
        assertThat(user.get("/api/v1/instances", token).status()).isEqualTo(401);
        assertThat(user.token(name, UserFixture.PASSWORD).body().toString()).contains("is disabled");

        user.change("{\"disabled\":false}");
        assertThat(user.get("/api/v1/instances", token).status()).isEqualTo(401);
        assertThat(user.get("/api/v1/instances", issueToken(UserFixture.PASSWORD))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tokensOfAUser_afterAChangeOfTheRights_areValid() {
        user.create("\"policies\":[\"viewer\"]");
        String token = issueToken(UserFixture.PASSWORD);

        user.change("{\"policies\":[\"viewer\",\"operator\"]}");

        assertThat(user.get("/api/v1/instances", token).status()).isEqualTo(200);
    }

    @Test
    void tokensOfAUser_whoWasRemoved_areRefused() {
        user.create("\"policies\":[\"viewer\"]");
        String token = issueToken(UserFixture.PASSWORD);

        assertThat(service.call(admin, "DELETE", user.users() + "/" + name, "").status())
                .isEqualTo(204);

        assertThat(user.get("/api/v1/instances", token).status()).isEqualTo(401);
        assertThat(service.call(admin, "GET", user.users() + "/" + name, "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.UNKNOWN_USER.code());
    }

    @Test
    void userWhoManagesOthers_cannotGrantMissingRights() {
        String token = issueTokenOfManager();

        assertThat(call(token, "POST", user.users(), document(otherName(), "administrator"))
                        .status())
                .isEqualTo(403);
        assertThat(call(token, "POST", user.users(), document(otherName(), "managers"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void userWhoManagesOthers_cannotCreateAUserWithATakenName() {
        String token = issueTokenOfManager();
        assertThat(call(token, "POST", user.users(), document(otherName(), "managers"))
                        .status())
                .isEqualTo(201);

        assertThat(call(token, "POST", user.users(), document(otherName(), "managers"))
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.NAME_TAKEN.code());
    }

    @Test
    void userWhoManagesOthers_cannotChangeTheOwnUser() {
        String token = issueTokenOfManager();

        assertThat(call(token, "PATCH", user.users() + "/" + name, "{\"policies\":[]}")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.OWN_USER.code());
    }

    /** A caller who sets the password of a user with more rights could sign in as that user. */
    @Test
    void userWhoManagesOthers_cannotSetThePasswordOfAUserWithMoreRights() {
        String token = issueTokenOfManager();
        assertThat(service.call(admin, "POST", user.users(), document(otherName(), "administrator"))
                        .status())
                .isEqualTo(201);

        assertThat(call(
                                token,
                                "PATCH",
                                user.users() + "/" + otherName(),
                                "{\"password\":\"" + UserFixture.PASSWORD + "\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void policyOfAUser_canBeChanged_andCannotBeRemoved() {
        user.setPolicy("managers", "keysweep:access-key:manage");
        user.create("\"policies\":[\"managers\"]");

        assertThat(service.call(admin, "PUT", user.policies() + "/managers", UserFixture.policy("*"))
                        .status())
                .isEqualTo(200);
        assertThat(service.call(admin, "DELETE", user.policies() + "/managers", "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo(ErrorCode.ACCESS_POLICY_IN_USE.code());
    }

    @Test
    void userWithInvalidFields_isRefused_andTheMessageDoesNotContainThePassword() {
        // Three fields are invalid.
        Answer refusal = service.call(
                admin, "POST", user.users(), "{\"name\":\"Alice\",\"password\":\"short\",\"policies\":[\"no such\"]}");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.body().get("detail").asString())
                .contains("name is 'Alice'", "password (not shown here)", "policies[0] is 'no such'")
                .doesNotContain("short");

        // The password is missing.
        assertThat(service.call(admin, "POST", user.users(), "{\"name\":\"" + name + "\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("password is missing");

        // The policy has a valid name, but does not exist.
        Answer unknown = service.call(
                admin,
                "POST",
                user.users(),
                "{\"name\":\"" + name + "\",\"password\":\"" + UserFixture.PASSWORD + "\",\"policies\":[\"unknown\"]}");
        assertThat(unknown.body().get("detail").asString()).startsWith("policies is 'unknown'");
    }

    /** Signs the user in with a password, and returns the token. */
    private String issueToken(String password) {
        Answer issued = user.token(name, password);
        assertThat(issued.status()).as(issued.response().body()).isEqualTo(201);
        return issued.header("X-Subject-Token");
    }

    /** Creates the user with the right to manage users and no other right, and returns a token of the user. */
    private String issueTokenOfManager() {
        user.setPolicy("managers", "keysweep:access-key:manage");
        user.create("\"policies\":[\"managers\"]");
        return issueToken(UserFixture.PASSWORD);
    }

    /** Calls the service with a token. */
    private Answer call(String token, String method, String path, String body) {
        return service.send(method, path, Map.of("Content-Type", "application/json", "X-Auth-Token", token), body);
    }

    /** Returns the name of a second user, which no other test uses. */
    private String otherName() {
        return "other-" + name.substring(5, 13);
    }

    /** Returns the document that creates a user with a policy. */
    private static String document(String userName, String policy) {
        return "{\"name\":\"" + userName + "\",\"password\":\"" + UserFixture.PASSWORD + "\",\"policies\":[\"" + policy
                + "\"]}";
    }
}
