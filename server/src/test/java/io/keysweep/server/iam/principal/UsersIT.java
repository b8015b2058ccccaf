package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.TokenIssuer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
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
    void user_changesTheOwnPassword_andAllOtherTokensEnd() {
        create("\"policies\":[]");
        String first = token(name, PASSWORD).header("X-Subject-Token");
        String second = token(name, PASSWORD).header("X-Subject-Token");
        Answer wrong = changeOwn(first, PASSWORD + "!", "another horse battery");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().get("detail").asString())
                .isEqualTo("oldPassword (not shown here) is not the present password.");
        assertThat(changeOwn(first, PASSWORD, PASSWORD).body().get("detail").asString())
                .contains("newPassword (not shown here) must differ");
        assertThat(changeOwn(first, PASSWORD, "short").body().get("detail").asString())
                .contains("newPassword (not shown here) must be a text of 12 to 128")
                .doesNotContain("short");
        Answer changed = changeOwn(first, PASSWORD, "another horse battery");
        assertThat(changed.status()).isEqualTo(204);
        assertThat(own(first).status()).isEqualTo(401);
        assertThat(own(second).status()).isEqualTo(401);
        assertThat(own(changed.header("X-Subject-Token")).status()).isEqualTo(200);
        assertThat(token(name, PASSWORD).status()).isEqualTo(401);
        assertThat(token(name, "another horse battery").status()).isEqualTo(201);
        String audit = service.call(admin, "GET", "/api/v1/audit?action=changeOwnPassword&limit=100", "")
                .response()
                .body();
        assertThat(audit).contains(name).doesNotContain("horse", "argon2");
    }

    @Test
    void signIn_duringAChangeOfThePassword_givesNothingThatOutlivesTheOldOne() {
        create("\"policies\":[\"viewer\"]");
        CallerLookup callers = service.bean(CallerLookup.class);
        // The passwords were right when they were checked. Then somebody replaces them, or disables the user.
        Caller beforeThePassword = callers.authenticate(name, PASSWORD).orElseThrow();
        change("{\"password\":\"another horse battery\"}");
        Caller beforeTheStop =
                callers.authenticate(name, "another horse battery").orElseThrow();
        change("{\"disabled\":true}");
        change("{\"disabled\":false}");
        Instant later = InstantSource.system().instant().plusSeconds(3600);
        for (Caller checked : List.of(beforeThePassword, beforeTheStop)) {
            assertThat(callers.present(checked)).isEmpty();
            String token = service.bean(TokenIssuer.class).issue(checked.subject(), admin.projectId(), later);
            assertThat(get("/api/v1/instances", token).status()).isEqualTo(401);
        }
    }

    @Test
    void keyOfAUser_isTheUser_whomItCannotChange() {
        create("\"policies\":[\"administrator\"]");
        Credentials own = key(service.call(admin, "POST", accessKeys(), "{\"userId\":\"" + name + "\"}"));
        for (String body : new String[] {"{\"password\":\"another horse battery\"}", "{\"policies\":[]}"}) {
            Answer refused = service.call(own, "PATCH", users() + "/" + name, body);
            assertThat(refused.body().get("code").asString()).as(body).isEqualTo("DCS.4956");
        }
        assertThat(service.call(own, "DELETE", users() + "/" + name, "")
                        .body()
                        .get("code")
                        .asString())
                .isEqualTo("DCS.4956");
        assertThat(token(name, PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void user_changesTheOwnPasswordInTheConsole_andStaysSignedIn() {
        create("\"policies\":[\"viewer\"]");
        Credentials user = new Credentials(admin.projectId(), name, PASSWORD);
        ConsoleClient client = new ConsoleClient(service.endpoint());
        ConsoleClient other = new ConsoleClient(service.endpoint());
        client.signIn(user);
        other.signIn(user);
        String page = "/console/password";
        assertThat(client.get("/console").body()).contains(page);
        Map<String, String> form = Map.of("oldPassword", PASSWORD, "newPassword", "another horse battery");
        ConsoleClient.Answer different = client.submit(page, page, with(form, "again", "anotherhorsebattery"));
        assertThat(different.status()).isEqualTo(400);
        assertThat(different.body())
                .contains("differs from the new password")
                .doesNotContain(PASSWORD, "another horse battery");
        ConsoleClient.Answer changed = client.submit(page, page, with(form, "again", "another horse battery"));
        assertThat(changed.header("Location")).isEqualTo(page + "?changed=1");
        assertThat(client.get(changed.header("Location")).body()).contains("Your password was changed");
        assertThat(other.get("/console").status()).isEqualTo(302);
        ConsoleClient key = new ConsoleClient(service.endpoint());
        key.signIn(admin);
        assertThat(key.get("/console").body()).doesNotContain(page);
        assertThat(key.get(page).status()).isEqualTo(409);
    }

    @Test
    void user_ownsKeys_withoutAnAction_thatNeverAllowMoreThanTheUserMay() {
        create("\"policies\":[\"viewer\"]");
        String token = token(name, PASSWORD).header("X-Subject-Token");
        Credentials own = key(keys(token, "POST", "", "{}"));
        assertThat(service.call(own, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
        assertThat(service.call(own, "GET", "/api/v1/webhooks", "").status()).isEqualTo(403);
        change("{\"policies\":[]}");
        assertThat(service.call(own, "GET", "/api/v1/instances", "").status()).isEqualTo(403);
        change("{\"policies\":[\"viewer\"]}");
        assertThat(service.call(own, "GET", "/api/v1/instances", "").status()).isEqualTo(200);

        Answer listed = keys(token, "GET", "", "");
        assertThat(listed.body()).hasSize(1);
        assertThat(listed.body().get(0).get("userId").asString()).isEqualTo(name);
        assertThat(keys(token, "GET", "/" + admin.accessKey(), "").status()).isEqualTo(404);
        assertThat(keys(token, "DELETE", "/" + admin.accessKey(), "").status()).isEqualTo(404);
        assertThat(keys(token, "POST", "", "{\"userId\":\"another\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("userId is 'another', must be your own name");
        // A key of the user cannot make others, so that who has found it cannot stay.
        assertThat(service.call(own, "POST", accessKeys(), "{}").status()).isEqualTo(403);
        String audit = service.call(admin, "GET", "/api/v1/audit?actor=" + own.accessKey(), "")
                .response()
                .body();
        assertThat(audit).contains("\"user\":\"" + name + "\"");

        Answer rotated = keys(token, "POST", "/" + own.accessKey() + "/rotate", "{\"overlapMinutes\":0}");
        assertThat(rotated.status()).as(rotated.response().body()).isEqualTo(201);
        assertThat(service.call(own, "GET", "/api/v1/instances", "").status()).isEqualTo(401);
        Credentials next = key(rotated);
        assertThat(service.call(next, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
        assertThat(keys(token, "DELETE", "/" + next.accessKey(), "").status()).isEqualTo(204);
        assertThat(service.call(next, "GET", "/api/v1/instances", "").status()).isEqualTo(401);
    }

    @Test
    void keysOfAUser_areLimitedByTheUser_andEndWithTheUser() {
        create("\"policies\":[\"viewer\"]");
        Credentials key = key(service.call(
                admin, "POST", accessKeys(), "{\"userId\":\"" + name + "\",\"policies\":[\"administrator\"]}"));
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
        assertThat(service.call(key, "GET", "/api/v1/webhooks", "").status()).isEqualTo(403);
        assertThat(service.call(admin, "POST", accessKeys(), "{\"userId\":\"nobody-here\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("userId is 'nobody-here', must be the name of a user of the project");
        // Who may manage keys, but may not do everything, must name the rights: the user could have more later.
        setPolicy("managers", "keysweep:access-key:manage");
        Credentials manager = key(service.call(admin, "POST", accessKeys(), "{\"policies\":[\"managers\"]}"));
        assertThat(service.call(manager, "POST", accessKeys(), "{\"userId\":\"" + name + "\"}")
                        .status())
                .isEqualTo(403);

        change("{\"disabled\":true}");
        Answer refused = service.call(key, "GET", "/api/v1/instances", "");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body().get("detail").asString()).contains("The user " + name + ", who owns the access key");
        assertThat(state(key)).isEqualTo("ownerDisabled");
        change("{\"disabled\":false}");
        assertThat(state(key)).isEqualTo("enabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
        assertThat(service.call(admin, "DELETE", users() + "/" + name, "").status())
                .isEqualTo(204);
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(401);
        assertThat(service.call(admin, "GET", accessKeys() + "/" + key.accessKey(), "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void stateOfAKey_isThatOfItsSignatures() {
        create("\"policies\":[\"viewer\"]");
        Credentials key = key(service.call(admin, "POST", accessKeys(), "{\"userId\":\"" + name + "\"}"));
        String path = accessKeys() + "/" + key.accessKey();
        assertThat(state(key)).isEqualTo("enabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
        change("{\"disabled\":true}");
        service.call(admin, "PATCH", path, "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
        assertThat(state(key)).isEqualTo("expired");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").body().toString())
                .contains("expired at 2020");
        service.call(admin, "PATCH", path, "{\"disabled\":true}");
        assertThat(state(key)).isEqualTo("disabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").body().toString())
                .contains(key.accessKey() + " is disabled");
        service.call(admin, "PATCH", path, "{\"disabled\":false,\"expiresAt\":null}");
        assertThat(state(key)).isEqualTo("ownerDisabled");
        change("{\"disabled\":false}");
        assertThat(state(key)).isEqualTo("enabled");
        assertThat(service.call(key, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
    }

    /** Returns the state of a key as its own page shows it, which is also that of the list. */
    private String state(Credentials key) {
        String state = service.call(admin, "GET", accessKeys() + "/" + key.accessKey(), "")
                .body()
                .get("state")
                .asString();
        assertThat(service.call(admin, "GET", accessKeys(), "").body().valueStream())
                .anyMatch(listed -> listed.get("accessKey").asString().equals(key.accessKey())
                        && listed.get("state").asString().equals(state));
        return state;
    }

    private Answer keys(String token, String method, String path, String body) {
        return service.send(
                method, accessKeys() + path, Map.of("Content-Type", "application/json", "X-Auth-Token", token), body);
    }

    private static Credentials key(Answer created) {
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return new Credentials(
                created.body().get("projectId").asString(),
                created.body().get("accessKey").asString(),
                created.body().get("secretKey").asString());
    }

    private String accessKeys() {
        return "/api/v1/projects/" + admin.projectId() + "/access-keys";
    }

    private static Map<String, String> with(Map<String, String> form, String field, String value) {
        Map<String, String> more = new HashMap<>(form);
        more.put(field, value);
        return more;
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

    private Answer changeOwn(String token, String oldPassword, String newPassword) {
        return service.send(
                "POST",
                "/api/v1/users/me/password",
                Map.of("Content-Type", "application/json", "X-Auth-Token", token),
                "{\"oldPassword\":\"" + oldPassword + "\",\"newPassword\":\"" + newPassword + "\"}");
    }

    /** Calls an operation that needs no action. */
    private Answer own(String token) {
        return get("/api/v1/projects", token);
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
