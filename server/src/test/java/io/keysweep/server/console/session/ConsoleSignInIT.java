package io.keysweep.server.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.console.ConsoleClient.Answer;
import io.keysweep.server.iam.guessing.WrongKeyLimit;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests sessions after a restart of the service, too many wrong keys, and cookies behind a proxy. */
class ConsoleSignInIT {

    /** The headers by which a proxy reports that the browser has connected to it with TLS. */
    private static final Map<String, String> TLS_AT_THE_PROXY =
            Map.of("X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9");

    /** The two checks of other rules are in this test because each start of a service takes seconds. */
    @Test
    void session_afterARestart_isValid_untilItsAccessKeyIsWithdrawn(@TempDir Path home) {
        Map<String, String> cookies;
        Credentials team;
        // Before the restart: the key signs in.
        try (TestService own = TestService.start(home, Map.of())) {
            team = own.project("team");
            ConsoleClient client = new ConsoleClient(own.endpoint());
            assertThat(client.signIn(team).status()).isEqualTo(302);
            assertThat(client.get("/console").body()).contains(team.accessKey());

            cookies = client.cookies();
            assertThat(new ConsoleClient(own.endpoint())
                            .get("/console/sign-in", TLS_AT_THE_PROXY)
                            .header("Set-Cookie"))
                    .doesNotContain("Secure");
            assertSignInAndTokensAreRefusedAfterTooManyWrongKeys(own);
        }

        // After the restart: the session is valid.
        Map<String, String> trusted = Map.of("KEYSWEEP_SERVER_TRUSTED_PROXIES", "10.0.0.1, 127.0.0.0/8");
        try (TestService own = TestService.start(home, trusted)) {
            assertCookiesBehindATrustedProxyWithTlsAreForTlsAlone(own);

            ConsoleClient client = ConsoleClient.withCookies(own.endpoint(), cookies);
            assertThat(client.get("/console").status()).isEqualTo(200);

            // The key is withdrawn. Each request leads to the sign-in, which then leads back to the page.
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

            Answer form = client.submit(
                    "/console/sign-in",
                    "/console/holds/all",
                    Map.of("reason", "lost"),
                    Map.of("Referer", own.endpoint() + "/console/holds"));
            assertThat(form.status()).isEqualTo(302);
            assertThat(form.header("Location")).isEqualTo("/console/sign-in?to=%2Fconsole%2Fholds");

            // After a refused form, the browser shows the address of the form, which it cannot open. The sign-in leads
            // to the page of the form.
            Answer refusedForm = client.submit(
                    "/console/sign-in",
                    "/console/holds/all",
                    Map.of("reason", "lost"),
                    Map.of("Referer", own.endpoint() + "/console/holds/all"));
            assertThat(refusedForm.header("Location")).isEqualTo("/console/sign-in?to=%2Fconsole%2Fholds");

            Answer partOfRefusedForm = client.get(
                    "/console/now",
                    Map.of("HX-Request", "true", "HX-Current-URL", "http://h/console/instances/0b6c/settings"));
            assertThat(partOfRefusedForm.header("HX-Redirect"))
                    .isEqualTo("/console/sign-in?to=%2Fconsole%2Finstances%2F0b6c");
        }
    }

    /** Checks that cookies are for TLS only if a trusted proxy reports that the browser uses TLS. */
    private static void assertCookiesBehindATrustedProxyWithTlsAreForTlsAlone(TestService behindProxy) {
        assertThat(new ConsoleClient(behindProxy.endpoint())
                        .get("/console/sign-in")
                        .header("Set-Cookie"))
                .doesNotContain("Secure");
        assertThat(new ConsoleClient(behindProxy.endpoint())
                        .get("/console/sign-in", TLS_AT_THE_PROXY)
                        .header("Set-Cookie"))
                .startsWith("__Host-keysweep_form=")
                .contains("; Path=/;", "; Secure");
    }

    private static void assertSignInAndTokensAreRefusedAfterTooManyWrongKeys(TestService own) {
        ConsoleClient client = new ConsoleClient(own.endpoint());
        Credentials admin = own.administrator();
        Credentials wrong = new Credentials("", admin.accessKey(), "wrong");
        String password = "correct horse battery";
        own.call(
                admin,
                "POST",
                "/api/v1/projects/" + admin.projectId() + "/users",
                "{\"name\":\"alice\",\"password\":\"" + password + "\"}");
        String alice = own.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", "application/json"),
                        "{\"auth\":{\"identity\":{\"password\":{\"user\":{\"name\":\"alice\",\"password\":\"" + password
                                + "\"}}}}}")
                .header("X-Subject-Token");
        for (int i = 0; i < WrongKeyLimit.MAX_WRONG_KEYS; i++) {
            // Wrong old passwords of a user count apart from wrong secret keys.
            assertThat(changePassword(own, alice, "a wrong password").status()).isEqualTo(400);
            if (i % 2 == 0) {
                assertThat(client.signIn(wrong).status()).isEqualTo(401);
            } else {
                // The service counts the address of the connection, whatever a header of the client says.
                assertThat(token(own, wrong, Map.of("X-Forwarded-For", "10.0.0." + i))
                                .status())
                        .isEqualTo(401);
            }
        }

        // After the last allowed wrong key, right secrets are refused as well, whatever address a header claims.
        Answer answer = client.signIn(admin);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).contains("Wait a minute").doesNotContain(admin.secretKey());
        for (String header : new String[] {"X-Forwarded-For", "X-Real-IP", "Forwarded"}) {
            TestService.Answer refused = token(own, admin, Map.of(header, "10.9.9.9"));
            assertThat(refused.status()).as(header).isEqualTo(429);
            assertThat(refused.errorCode()).isEqualTo("DCS.4921");
            assertThat(refused.header("Retry-After")).isEqualTo("60");
        }
        assertThat(changePassword(own, alice, password).status()).isEqualTo(429);
        // Signatures are still accepted.
        assertThat(own.call(admin, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
    }

    private static TestService.Answer changePassword(TestService service, String token, String oldPassword) {
        return service.send(
                "POST",
                "/api/v1/users/me/password",
                Map.of("Content-Type", "application/json", "X-Auth-Token", token),
                "{\"oldPassword\":\"" + oldPassword + "\",\"newPassword\":\"another horse battery\"}");
    }

    private static TestService.Answer token(TestService service, Credentials key, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", "application/json");
        return service.send(
                "POST",
                "/v3/auth/tokens",
                all,
                "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + key.accessKey()
                        + "\"},\"secret\":{\"key\":\"" + key.secretKey() + "\"}}}}}");
    }
}
