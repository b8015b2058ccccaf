package io.keysweep.server.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.console.ConsoleClient.Answer;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.iam.guessing.WrongSecretLimit;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests sessions after a restart of the service, too many wrong keys, and cookies behind a proxy. */
class ConsoleSignInIT {

    /** The headers with which a proxy reports that the browser has connected to it with TLS. */
    private static final Map<String, String> TLS_AT_THE_PROXY =
            Map.of("X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9");

    /**
     * Restarts a service while a session exists. The two services, without and with a trusted proxy, also serve checks
     * of wrong keys and of cookies, because each start of a service takes seconds.
     */
    @Test
    void session_afterARestart_isValid_untilItsAccessKeyIsWithdrawn(@TempDir Path home) {
        Map<String, String> cookies;
        Credentials teamKey;

        // Before the restart: the key signs in. No proxy is trusted, so the headers of a proxy have no effect.
        try (TestService service = TestService.start(home, Map.of())) {
            teamKey = service.project("team");
            ConsoleClient client = new ConsoleClient(service.endpoint());
            assertThat(client.signIn(teamKey).status()).isEqualTo(302);
            assertThat(client.get("/console").body()).contains(teamKey.accessKey());

            cookies = client.cookies();
            assertThat(new ConsoleClient(service.endpoint())
                            .get("/console/sign-in", TLS_AT_THE_PROXY)
                            .header("Set-Cookie"))
                    .doesNotContain("Secure");

            assertSignInAndTokensAreRefusedAfterTooManyWrongKeys(service);
        }

        // After the restart: the session is valid.
        Map<String, String> trusted = Map.of("KEYSWEEP_SERVER_TRUSTED_PROXIES", "10.0.0.1, 127.0.0.0/8");
        try (TestService service = TestService.start(home, trusted)) {
            assertCookiesAreSecureOnlyIfATrustedProxyReportsTls(service);

            ConsoleClient client = ConsoleClient.withCookies(service.endpoint(), cookies);
            assertThat(client.get("/console").status()).isEqualTo(200);

            // The key is withdrawn. A page, a part of a page and a form lead to the sign-in, which then leads back to
            // the page.
            service.call(
                    service.administrator(),
                    "DELETE",
                    "/api/v1/projects/" + teamKey.projectId() + "/access-keys/" + teamKey.accessKey(),
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
                    Map.of("Referer", service.endpoint() + "/console/holds"));
            assertThat(form.status()).isEqualTo(302);
            assertThat(form.header("Location")).isEqualTo("/console/sign-in?to=%2Fconsole%2Fholds");

            // After a refused form, the browser shows the address of the form, which it cannot open. The sign-in leads
            // to the page of the form.
            Answer refusedForm = client.submit(
                    "/console/sign-in",
                    "/console/holds/all",
                    Map.of("reason", "lost"),
                    Map.of("Referer", service.endpoint() + "/console/holds/all"));
            assertThat(refusedForm.header("Location")).isEqualTo("/console/sign-in?to=%2Fconsole%2Fholds");

            Answer partOfRefusedForm = client.get(
                    "/console/now",
                    Map.of("HX-Request", "true", "HX-Current-URL", "http://h/console/instances/0b6c/settings"));
            assertThat(partOfRefusedForm.header("HX-Redirect"))
                    .isEqualTo("/console/sign-in?to=%2Fconsole%2Finstances%2F0b6c");
        }
    }

    /** Checks that cookies have the attribute Secure only if the proxy, which is trusted, reports TLS. */
    private static void assertCookiesAreSecureOnlyIfATrustedProxyReportsTls(TestService behindProxy) {
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

    /** Checks that wrong keys of sign-ins and of requests for tokens share one limit, and refuse all keys beyond it. */
    private static void assertSignInAndTokensAreRefusedAfterTooManyWrongKeys(TestService service) {
        // Besides the administrator's key, there is a user Alice with a token.
        ConsoleClient client = new ConsoleClient(service.endpoint());
        Credentials admin = service.administrator();
        Credentials wrong = new Credentials("", admin.accessKey(), "wrong");
        String password = "correct horse battery";
        service.call(
                admin,
                "POST",
                "/api/v1/projects/" + admin.projectId() + "/users",
                "{\"name\":\"alice\",\"password\":\"" + password + "\"}");
        String alice = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", "application/json"),
                        "{\"auth\":{\"identity\":{\"password\":{\"user\":{\"name\":\"alice\",\"password\":\"" + password
                                + "\"}}}}}")
                .header("X-Subject-Token");

        // Half of the wrong keys come from sign-ins, the other half from requests for a token.
        for (int i = 0; i < WrongSecretLimit.MAX_WRONG_KEYS; i++) {
            // Wrong old passwords of a user are counted separately from wrong secret keys.
            assertThat(changePassword(service, alice, "a wrong password").status())
                    .isEqualTo(400);
            if (i % 2 == 0) {
                assertThat(client.signIn(wrong).status()).isEqualTo(401);
            } else {
                // The service counts the address of the connection, whatever a header of the client says.
                assertThat(token(service, wrong, Map.of("X-Forwarded-For", "10.0.0." + i))
                                .status())
                        .isEqualTo(401);
            }
        }

        // After the last allowed wrong key, right secrets are refused as well, even if a header claims another address.
        Answer answer = client.signIn(admin);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).contains("Wait a minute").doesNotContain(admin.secretKey());
        for (String header : new String[] {"X-Forwarded-For", "X-Real-IP", "Forwarded"}) {
            TestService.Answer refusal = token(service, admin, Map.of(header, "10.9.9.9"));
            assertThat(refusal.status()).as(header).isEqualTo(429);
            assertThat(refusal.errorCode()).isEqualTo(ErrorCode.TOO_MANY_WRONG_KEYS.code());
            assertThat(refusal.header("Retry-After")).isEqualTo("60");
        }
        assertThat(changePassword(service, alice, password).status()).isEqualTo(429);

        // Signatures are still accepted.
        assertThat(service.call(admin, "GET", "/api/v1/instances", "").status()).isEqualTo(200);
    }

    /** Changes the password of the user with this token. */
    private static TestService.Answer changePassword(TestService service, String token, String oldPassword) {
        return service.send(
                "POST",
                "/api/v1/users/me/password",
                Map.of("Content-Type", "application/json", "X-Auth-Token", token),
                "{\"oldPassword\":\"" + oldPassword + "\",\"newPassword\":\"another horse battery\"}");
    }

    /** Requests a token with an access key and its secret key. */
    private static TestService.Answer token(TestService service, Credentials key, Map<String, String> headers) {
        Map<String, String> allHeaders = new HashMap<>(headers);
        allHeaders.put("Content-Type", "application/json");
        return service.send(
                "POST",
                "/v3/auth/tokens",
                allHeaders,
                "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + key.accessKey()
                        + "\"},\"secret\":{\"key\":\"" + key.secretKey() + "\"}}}}}");
    }
}
