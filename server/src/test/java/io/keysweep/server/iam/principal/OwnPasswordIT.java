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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that users can change their own password, which ends their tokens and sessions, on both databases. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class OwnPasswordIT {

    private static final String NEW_PASSWORD = "another horse battery";

    private final String dialect;
    private UserFixture user;
    private TestService service;
    private Credentials admin;
    private String name;

    OwnPasswordIT(String dialect) {
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
    void changeOfTheOwnPassword_needsTheOldOne_andEndsAllOtherTokens() {
        user.create("\"policies\":[]");
        String firstToken = user.token(name, UserFixture.PASSWORD).header("X-Subject-Token");
        String secondToken = user.token(name, UserFixture.PASSWORD).header("X-Subject-Token");

        // A change is refused if the old password is wrong, or if the new password is the same or too short.
        Answer refusal = changeOwn(firstToken, UserFixture.PASSWORD + "!", NEW_PASSWORD);

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.body().get("detail").asString())
                .isEqualTo("oldPassword (not shown here) is not the present password.");
        assertThat(changeOwn(firstToken, UserFixture.PASSWORD, UserFixture.PASSWORD)
                        .body()
                        .get("detail")
                        .asString())
                .contains("newPassword (not shown here) must differ");
        assertThat(changeOwn(firstToken, UserFixture.PASSWORD, "short")
                        .body()
                        .get("detail")
                        .asString())
                .contains("newPassword (not shown here) must be a text of 12 to 128")
                .doesNotContain("short");

        // After a change, only the token in its answer is valid.
        Answer changeAnswer = changeOwn(firstToken, UserFixture.PASSWORD, NEW_PASSWORD);
        assertThat(changeAnswer.status()).isEqualTo(204);
        assertThat(getProjects(firstToken).status()).isEqualTo(401);
        assertThat(getProjects(secondToken).status()).isEqualTo(401);
        assertThat(getProjects(changeAnswer.header("X-Subject-Token")).status()).isEqualTo(200);
        assertThat(user.token(name, UserFixture.PASSWORD).status()).isEqualTo(401);
        assertThat(user.token(name, NEW_PASSWORD).status()).isEqualTo(201);

        // The audit log has the change, and no password.
        String audit = service.call(admin, "GET", "/api/v1/audit?action=changeOwnPassword&limit=100", "")
                .response()
                .body();
        assertThat(audit).contains(name).doesNotContain("horse", "argon2");
    }

    @Test
    void signIn_whoseCheckWasBeforeAChangeOfThePassword_givesNoValidToken() {
        user.create("\"policies\":[\"viewer\"]");
        CallerLookup callers = service.bean(CallerLookup.class);

        // Both passwords were right when they were checked. Before the sign-in ends, one is replaced, or the user is
        // disabled.
        Caller checkedBeforeNewPassword =
                callers.authenticate(name, UserFixture.PASSWORD).orElseThrow();
        user.change("{\"password\":\"" + NEW_PASSWORD + "\"}");
        Caller checkedBeforeDisabling = callers.authenticate(name, NEW_PASSWORD).orElseThrow();
        user.change("{\"disabled\":true}");
        user.change("{\"disabled\":false}");
        Instant later = InstantSource.system().instant().plusSeconds(3_600);

        for (Caller checked : List.of(checkedBeforeNewPassword, checkedBeforeDisabling)) {
            assertThat(callers.findCurrent(checked)).isEmpty();

            String token = service.bean(TokenIssuer.class).issue(checked.subject(), admin.projectId(), later);
            assertThat(user.get("/api/v1/instances", token).status()).isEqualTo(401);
        }
    }

    @Test
    void changeOfTheOwnPassword_inTheConsole_endsAllOtherSessions() {
        user.create("\"policies\":[\"viewer\"]");
        Credentials credentials = new Credentials(admin.projectId(), name, UserFixture.PASSWORD);
        ConsoleClient client = new ConsoleClient(service.endpoint());
        ConsoleClient otherClient = new ConsoleClient(service.endpoint());
        client.signIn(credentials);
        otherClient.signIn(credentials);
        String page = "/console/password";

        assertThat(client.get("/console").body()).contains(page);

        // The repetition of the new password is different.
        Map<String, String> form = Map.of("oldPassword", UserFixture.PASSWORD, "newPassword", NEW_PASSWORD);
        ConsoleClient.Answer different = client.submit(page, page, with(form, "again", "anotherhorsebattery"));
        assertThat(different.status()).isEqualTo(400);
        assertThat(different.body())
                .contains("differs from the new password")
                .doesNotContain(UserFixture.PASSWORD, NEW_PASSWORD);

        // After the change, the user is still signed in here, and no longer in the other browser.
        ConsoleClient.Answer changed = client.submit(page, page, with(form, "again", NEW_PASSWORD));
        assertThat(changed.header("Location")).isEqualTo(page + "?changed=1");
        assertThat(client.get(changed.header("Location")).body()).contains("Your password was changed");
        assertThat(otherClient.get("/console").status()).isEqualTo(302);

        // An access key has no password.
        ConsoleClient key = new ConsoleClient(service.endpoint());
        key.signIn(admin);

        assertThat(key.get("/console").body()).doesNotContain(page);
        assertThat(key.get(page).status()).isEqualTo(409);
    }

    /** Returns a form with a further field. */
    private static Map<String, String> with(Map<String, String> form, String field, String value) {
        Map<String, String> more = new HashMap<>(form);
        more.put(field, value);
        return more;
    }

    /** Changes the password of the user with this token. */
    private Answer changeOwn(String token, String oldPassword, String newPassword) {
        return service.send(
                "POST",
                "/api/v1/users/me/password",
                Map.of("Content-Type", "application/json", "X-Auth-Token", token),
                "{\"oldPassword\":\"" + oldPassword + "\",\"newPassword\":\"" + newPassword + "\"}");
    }

    /** Calls an operation that needs no action. */
    private Answer getProjects(String token) {
        return user.get("/api/v1/projects", token);
    }
}
