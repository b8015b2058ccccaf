package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient.Answer;
import io.keysweep.server.iam.WrongKeyLimit;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests the sessions of the console, its protection against forged forms, and its separation from the APIs. */
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
    void session_afterRestart_isValid_untilAccessKeyIsWithdrawn(@TempDir Path home) {
        Map<String, String> cookies;
        Credentials team;
        try (TestService own = TestService.start(home, Map.of())) {
            team = own.project("team");
            ConsoleClient client = new ConsoleClient(own.endpoint());
            assertThat(client.signIn(team).status()).isEqualTo(302);
            assertThat(client.get("/console").body()).contains(team.accessKey());
            cookies = client.cookies();
        }
        try (TestService own = TestService.start(home, Map.of())) {
            ConsoleClient client = new ConsoleClient(own.endpoint(), cookies);
            assertThat(client.get("/console").status()).isEqualTo(200);
            own.call(
                    own.administrator(),
                    "DELETE",
                    "/api/v1/projects/" + team.projectId() + "/access-keys/" + team.accessKey(),
                    "");
            Answer answer = client.get("/console");
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.header("Location")).isEqualTo("/console/sign-in?to=%2Fconsole");
            Answer part = client.get(
                    "/console/now", Map.of("HX-Request", "true", "HX-Current-URL", "http://h/console/holds"));
            assertThat(part.status()).isEqualTo(401);
            assertThat(part.header("HX-Redirect")).isEqualTo("/console/sign-in?to=%2Fconsole%2Fholds");
        }
    }

    @Test
    void console_andApis_acceptNoCredentialsOfEachOther() {
        Credentials admin = service.administrator();
        ConsoleClient client = new ConsoleClient(service.endpoint());
        Answer signedIn = client.signIn(admin);
        assertThat(signedIn.header("Set-Cookie"))
                .startsWith("keysweep_session=ksc1.")
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
        ConsoleClient other = new ConsoleClient(service.endpoint(), Map.of("keysweep_session", token));
        assertThat(other.get("/console").status()).isEqualTo(302);
        assertThat(other.get("/console", Map.of("X-Auth-Token", token)).status())
                .isEqualTo(302);
    }

    @Test
    void form_withoutValidToken_changesNothing() {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        client.signIn(service.administrator());
        for (String body :
                new String[] {"reason=x", "reason=x&_csrf=", "reason=x&_csrf=00000000-0000-0000-0000-000000000000"}) {
            Answer answer = client.post("/console/holds/all", body);
            assertThat(answer.status()).as(body).isEqualTo(403);
            assertThat(answer.header("Content-Type")).startsWith("text/html");
            assertThat(answer.body()).contains("nothing was changed");
        }
        assertThat(service.call(service.administrator(), "GET", "/api/v1/holds", "")
                        .body())
                .isEmpty();
        assertThat(client.submit("/console/holds", "/console/holds/all", Map.of("reason", "x"))
                        .status())
                .isEqualTo(302);
        assertThat(service.call(service.administrator(), "GET", "/api/v1/holds", "")
                        .body())
                .hasSize(1);
    }

    @Test
    void responses_includingErrors_haveSecurityHeaders() {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        for (String path : new String[] {"/console/sign-in", "/console/assets/console.css"}) {
            assertThat(client.get(path).header("X-Frame-Options")).as(path).isEqualTo("DENY");
        }
        assertThat(client.get("/console/sign-in").header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
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
        Answer method = client.get("/console/holds/all");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.body()).contains("<h1>The request failed</h1>");
        for (String to : new String[] {"//evil.example", "https://evil.example", "/api/v1/holds", "/console//evil"}) {
            Answer answer = client.signIn(service.administrator(), to);
            assertThat(answer.header("Location")).as(to).isEqualTo("/console");
        }
    }

    @Test
    void cookies_behindAProxyWithTls_areForTlsAlone() {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        assertThat(client.get("/console/sign-in").header("Set-Cookie")).doesNotContain("Secure");
        assertThat(new ConsoleClient(service.endpoint())
                        .get("/console/sign-in", Map.of("X-Forwarded-Proto", "https"))
                        .header("Set-Cookie"))
                .contains("; Secure");
    }

    @Test
    void signIn_afterTooManyWrongKeys_isRefusedForAMinute(@TempDir Path home) {
        try (TestService own = TestService.start(home, Map.of())) {
            ConsoleClient client = new ConsoleClient(own.endpoint());
            Credentials wrong = new Credentials("", own.administrator().accessKey(), "wrong");
            for (int i = 0; i < WrongKeyLimit.MAX_WRONG_KEYS; i++) {
                assertThat(client.signIn(wrong).status()).isEqualTo(401);
            }
            Answer answer = client.signIn(own.administrator());
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body())
                    .contains("Wait a minute")
                    .doesNotContain(own.administrator().secretKey());
        }
    }
}
