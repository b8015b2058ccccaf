package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.Map;
import java.util.UUID;

/** Calls the service for the tests of users: as an administrator who manages one user, and as that user. */
final class UserFixture {

    /** The password with which the user is created. */
    static final String PASSWORD = "correct horse battery";

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final String name = "user-" + UUID.randomUUID();
    private final TestService service;
    private final Credentials admin;

    /** Creates an administrator with a new project. The user does not exist yet. */
    UserFixture(TestService service) {
        this.service = service;
        this.admin = service.newAdministrator("users " + UUID.randomUUID());
    }

    /** Returns the name of the user, who does not exist before {@link #create}. */
    String name() {
        return name;
    }

    /** Returns an administrator with a separate project. */
    Credentials admin() {
        return admin;
    }

    /** Creates the user with rights, which are fields of a JSON object. */
    void create(String rights) {
        Answer created = service.call(
                admin, "POST", users(), "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"," + rights + "}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        assertThat(created.response().body()).doesNotContain(PASSWORD, "argon2");
    }

    /** Changes the user as the administrator. */
    void change(String body) {
        Answer changeAnswer = service.call(admin, "PATCH", users() + "/" + name, body);
        assertThat(changeAnswer.status()).as(changeAnswer.response().body()).isEqualTo(200);
    }

    /** Makes a policy of the project that allows one action. */
    void setPolicy(String policy, String action) {
        assertThat(service.call(admin, "PUT", policies() + "/" + policy, policy(action))
                        .status())
                .isEqualTo(200);
    }

    /** Returns the document of a policy that allows one action. */
    static String policy(String action) {
        return "{\"statements\":[{\"effect\":\"allow\",\"actions\":[\"" + action + "\"]}]}";
    }

    /** Requests a token with a name and a password. */
    Answer token(String user, String password) {
        return service.send(
                "POST",
                "/v3/auth/tokens",
                JSON,
                "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"" + user
                        + "\",\"password\":\"" + password + "\",\"domain\":{\"id\":\"default\"}}}},"
                        + "\"scope\":{\"project\":{\"id\":\"" + admin.projectId() + "\"}}}}");
    }

    /** Reads a path as the holder of a token. */
    Answer get(String path, String token) {
        return service.send("GET", path, Map.of("X-Auth-Token", token), "");
    }

    /** Returns the path of the users of the project. */
    String users() {
        return "/api/v1/projects/" + admin.projectId() + "/users";
    }

    /** Returns the path of the access policies of the project. */
    String policies() {
        return "/api/v1/projects/" + admin.projectId() + "/access-policies";
    }
}
