package io.keysweep.server.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.console.ConsoleClient.Answer;
import io.keysweep.server.iam.OidcPerson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests the sessions of the console, its protection against forged forms, and its separation from the APIs.
 *
 * <p>A form is forged if another site has made the browser send it. Each form therefore contains a secret token.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleSessionIT {

    private TestService service;

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(home, Map.of());
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void newSession_ofACallerWithTheMaximumOfSessions_endsTheOldestOfTheCaller() {
        SessionStore store = service.bean(SessionStore.class);
        Instant now = InstantSource.system().instant();
        String key = service.project("many sessions").accessKey();
        store.insert("other", service.administrator().accessKey(), now.minusSeconds(1_000));
        OidcPerson person = new OidcPerson("many", List.of("dba"));
        for (int i = 0; i <= SessionStore.MAX_OF_CALLER; i++) {
            store.insert("key-" + i, key, now.plusSeconds(i));
            store.insert("user-" + i, "u-0123", now.plusSeconds(i));
            store.insert("person-" + i, person, now.plusSeconds(i));
        }

        // A caller is an access key, a user or a person of an identity provider. Each of them has one session more than
        // allowed, so the first session has ended.
        for (String kind : new String[] {"key-", "user-", "person-"}) {
            assertThat(store.find(kind + 0)).as(kind).isEmpty();
            assertThat(store.find(kind + 1)).as(kind).isPresent();
            assertThat(store.find(kind + SessionStore.MAX_OF_CALLER)).as(kind).isPresent();
        }
        assertThat(store.find("other")).isPresent();
    }

    @Test
    void cookieOfTheConsoleAndTokenOfTheApis_areRefusedInPlaceOfEachOther() {
        // The administrator has a session of the console, and a token of the API.
        Credentials admin = service.administrator();
        ConsoleClient client = new ConsoleClient(service.endpoint());
        Answer signedIn = client.signIn(admin);
        assertThat(signedIn.header("Set-Cookie"))
                .startsWith("keysweep_session=")
                .contains("; Path=/console;", "; HttpOnly", "; SameSite=Strict");

        String session = client.cookies().get("keysweep_session");
        String token = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", "application/json"),
                        "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + admin.accessKey()
                                + "\"},\"secret\":{\"key\":\"" + admin.secretKey() + "\"}}}}}")
                .header("X-Subject-Token");
        String instances = "/v2/" + admin.projectId() + "/instances";

        // The APIs accept the token, and refuse the session both as a cookie and as a token.
        for (String path : new String[] {"/api/v1/instances", instances}) {
            assertThat(service.send("GET", path, Map.of("X-Auth-Token", token), "")
                            .status())
                    .as("the API's token: %s", path)
                    .isEqualTo(200);
            assertThat(client.get(path).status()).as("the cookie: %s", path).isEqualTo(401);
            assertThat(service.send("GET", path, Map.of("X-Auth-Token", session), "")
                            .status())
                    .as("the session as a token: %s", path)
                    .isEqualTo(401);
        }

        // The console accepts the token neither as a cookie nor as a header.
        ConsoleClient tokenAsCookie = ConsoleClient.withCookies(service.endpoint(), Map.of("keysweep_session", token));
        assertThat(tokenAsCookie.get("/console").status()).isEqualTo(302);
        assertThat(tokenAsCookie.get("/console", Map.of("X-Auth-Token", token)).status())
                .isEqualTo(302);
    }

    @Test
    void form_withoutAValidToken_isRefused_andChangesNothing() {
        // The token is missing, empty or wrong.
        ConsoleClient client = new ConsoleClient(service.endpoint());
        client.signIn(service.administrator());
        for (String body :
                new String[] {"reason=x", "reason=x&_csrf=", "reason=x&_csrf=00000000-0000-0000-0000-000000000000"}) {
            Answer answer = client.post("/console/holds/all", body);
            assertThat(answer.status()).as(body).isEqualTo(403);
            assertThat(answer.header("Content-Type")).startsWith("text/html");
            assertThat(answer.body()).contains("nothing was changed");
        }

        // The audit log names the caller, although Spring Security checks the token before the session is read.
        List<JsonNode> refused = new ArrayList<>();
        service.call(service.administrator(), "GET", "/api/v1/audit?action=holdAll&outcome=403", "")
                .body()
                .get("entries")
                .forEach(refused::add);

        assertThat(refused)
                .isNotEmpty()
                .allMatch(entry -> entry.at("/actor/kind").asString().equals("session"));
        assertThat(service.call(service.administrator(), "GET", "/api/v1/holds", "")
                        .body())
                .isEmpty();

        // With the token of the page, the form takes effect.
        assertThat(client.submit("/console/holds", "/console/holds/all", Map.of("reason", "x"))
                        .status())
                .isEqualTo(302);
        assertThat(service.call(service.administrator(), "GET", "/api/v1/holds", "")
                        .body())
                .hasSize(1);
    }

    @Test
    void projectHold_alsoOfAnIdWithDashes_isInTheBannerOfItsProjectOnly() {
        // The administrator holds another project, and does not see the banner of that project.
        Credentials admin = service.administrator();
        Credentials teamKey = service.project("banner");
        ConsoleClient client = new ConsoleClient(service.endpoint());
        client.signIn(admin);
        String holdOfTeam = "/console/holds/projects/" + teamKey.dashedProjectId();
        assertThat(client.submit("/console/holds", holdOfTeam, Map.of("reason", "x"))
                        .status())
                .isEqualTo(302);
        assertThat(client.get("/console/banner").body()).doesNotContain("The scans of this project are on hold");

        // A member of the project sees the banner until the release.
        ConsoleClient member = new ConsoleClient(service.endpoint());
        member.signIn(teamKey);
        assertThat(member.get("/console/banner").body()).contains("The scans of this project are on hold");
        assertThat(client.submit("/console/holds", holdOfTeam + "/release", Map.of())
                        .status())
                .isEqualTo(302);
        assertThat(member.get("/console/banner").body()).doesNotContain("The scans of this project are on hold");
    }

    @Test
    void responses_haveSecurityHeaders_andErrorsAreSafePages() {
        // Pages cannot be framed, and load nothing from other sites.
        ConsoleClient client = new ConsoleClient(service.endpoint());
        for (String path : new String[] {"/console/sign-in", "/console/assets/console.css"}) {
            assertThat(client.get(path).header("X-Frame-Options")).as(path).isEqualTo("DENY");
        }
        assertThat(client.get("/console/sign-in").header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'")
                .doesNotContain("unsafe");

        // An unknown page is an HTML page without details.
        client.signIn(service.administrator());
        for (String path : new String[] {
            "/console/nonsense",
            "/console/scans/x",
            "/console/scans/00000000-0000-0000-0000-000000000000",
            "/console//x"
        }) {
            Answer answer = client.get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.header("Content-Type")).as(path).startsWith("text/html");
            assertThat(answer.body()).contains("Not found").doesNotContain("Exception", "DCS.");
        }
        assertThat(client.get("/console/").header("Location")).isEqualTo("/console");

        // The address of a form accepts only POST.
        Answer method = client.get("/console/holds/all");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.body()).contains("<h1>The request failed</h1>");

        // After a sign-in, the browser is never sent to another site.
        for (String to : new String[] {"//evil.example", "https://evil.example", "/api/v1/holds", "/console//evil"}) {
            Answer answer = client.signIn(service.administrator(), to);
            assertThat(answer.header("Location")).as(to).isEqualTo("/console");
        }
    }

    @Test
    void signOut_endsTheSession_alsoForAThiefOfTheCookie() {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        client.signIn(service.administrator());
        Map<String, String> stolen = client.cookies();

        // Before the sign-out, the stolen cookies are valid.
        assertThat(ConsoleClient.withCookies(service.endpoint(), stolen)
                        .get("/console")
                        .status())
                .isEqualTo(200);

        // After the sign-out, they lead to the sign-in.
        assertThat(client.submit("/console/holds", "/console/sign-out", Map.of())
                        .header("Location"))
                .isEqualTo("/console/sign-in");
        assertThat(ConsoleClient.withCookies(service.endpoint(), stolen)
                        .get("/console")
                        .status())
                .isEqualTo(302);
    }

    @Test
    void session_endsAfterTheIdleTime_andAfterTheLongestTime() {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        client.signIn(service.administrator());
        Map<String, String> refresh = Map.of("HX-Request", "true");

        // A page that refreshes itself does not prolong the session, which ends 30 minutes after the last click.
        age("seen_at", Duration.ofMinutes(20));
        assertThat(client.get("/console/now", refresh).status()).isEqualTo(200);

        age("seen_at", Duration.ofMinutes(11));
        assertThat(client.get("/console/now", refresh).status()).isEqualTo(401);
        assertThat(client.get("/console").status()).isEqualTo(302);

        // Requests by the user prolong the session, but to 12 hours at most.
        client.signIn(service.administrator());
        for (int i = 0; i < 3; i++) {
            age("seen_at", Duration.ofMinutes(20));
            assertThat(client.get("/console").status()).isEqualTo(200);
        }
        age("created_at", Duration.ofHours(12));
        assertThat(client.get("/console").status()).isEqualTo(302);
    }

    /** The database has only hashes of the cookies. So an attacker who can read the database gets no session. */
    @Test
    void sessionId_inTheDatabase_isNoValidCookie() {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        client.signIn(service.administrator());
        for (String id : service.bean(JdbcClient.class)
                .sql("select id from console_session")
                .query(String.class)
                .list()) {
            assertThat(client.cookies()).doesNotContainValue(id);
            assertThat(ConsoleClient.withCookies(service.endpoint(), Map.of("keysweep_session", id))
                            .get("/console")
                            .status())
                    .isEqualTo(302);
        }
    }

    /** Makes all sessions older, by moving the times in a column into the past. */
    private void age(String column, Duration by) {
        JdbcClient jdbc = service.bean(JdbcClient.class);
        jdbc.sql("select id, " + column + " as at from console_session")
                .query((row, number) -> Map.entry(row.getString("id"), row.getObject("at", OffsetDateTime.class)))
                .list()
                .forEach(session -> jdbc.sql("update console_session set " + column + " = :at where id = :id")
                        .param("at", session.getValue().minus(by))
                        .param("id", session.getKey())
                        .update());
    }
}
