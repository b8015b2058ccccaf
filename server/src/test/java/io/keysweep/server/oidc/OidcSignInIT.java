package io.keysweep.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.nimbusds.jwt.JWTClaimsSet;
import io.keysweep.server.TestService;
import io.keysweep.server.console.ConsoleClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Tests sign-ins to the console through an OpenID Connect issuer, all reasons to refuse them, and the log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // start() sets the fields.
class OidcSignInIT {

    private final HttpClient browser =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private OidcFixture oidc;
    private TestIssuer issuer;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path home) {
        oidc = new OidcFixture(home);
        issuer = oidc.issuer();
        service = oidc.service();
    }

    @AfterAll
    void stop() {
        browser.close();
        oidc.close();
    }

    @BeforeEach
    void reset() {
        issuer.changeIdTokens(UnaryOperator.identity());
    }

    @Test
    void signIn_ofAPersonOfTheIssuer_opensTheWantedPage() throws IOException, InterruptedException {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        assertThat(client.get("/console/sign-in?to=/console/scans").body())
                .contains("Sign in with Example", "/console/sign-in/oidc?to=/console/scans");

        ConsoleClient.Answer signedIn = client.get(callback(client, "?to=/console/scans"));
        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.body()).contains("0;url=/console/scans");
        assertThat(client.get("/console/scans").body()).contains("oidc:alice").doesNotContain("/console/password");
        assertThat(client.get("/console/webhooks").status()).isEqualTo(403);

        // A page of another host is not opened.
        ConsoleClient elsewhere = new ConsoleClient(service.endpoint());
        assertThat(elsewhere.get(callback(elsewhere, "?to=//evil.example")).body())
                .contains("0;url=/console\"")
                .doesNotContain("evil");
    }

    @Test
    void signIn_ofAnotherBrowserOrTokenOrPerson_isRefused() throws IOException, InterruptedException {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        String callback = callback(client, "");
        ConsoleClient stranger = new ConsoleClient(service.endpoint());

        // Another browser, or this browser with another state, cannot end the sign-in.
        assertRefused(stranger, callback, 401, "was not begun in this browser");
        assertThat(stranger.get(callback, Map.of("Accept-Language", "zh-CN")).body())
                .contains("登录不是在这个浏览器中开始的，或是在 10 分钟以前开始的。");
        assertRefused(client, callback.replaceAll("state=[^&]+", "state=other"), 401, "was not begun in this browser");

        // A callback works once. Its code is of no use a second time, even with the cookie.
        String usedCallback = callback(client, "");
        Map<String, String> cookies = client.cookies();
        assertThat(client.get(usedCallback).status()).isEqualTo(200);
        assertRefused(client, usedCallback, 401, "was not begun in this browser");
        assertRefused(
                ConsoleClient.withCookies(service.endpoint(), cookies), usedCallback, 401, "the issuer has refused");

        // The ID token is for another sign-in, audience, client or role.
        assertRefusedWith(claims -> claims.claim("nonce", "other"), 401, "is of another sign-in");
        assertRefusedWith(claims -> claims.audience("another"), 401, "is for another audience");
        assertRefusedWith(claims -> claims.audience(List.of(TestIssuer.CLIENT, "b")), 401, "is for another client");
        assertRefusedWith(claims -> claims.claim("azp", "another"), 401, "is for another client");
        assertRefusedWith(OidcFixture.withRoles("other"), 403, "has no value that the setting oidc.roles maps");
    }

    @Test
    void logs_ofASignIn_containNoTokensCodesOrSecrets() throws IOException, InterruptedException {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        LogTexts texts = new LogTexts();
        texts.start();
        root.addAppender(texts);
        try {
            // One of two bearer tokens is refused, because its signature is too short.
            String token = issuer.sign(issuer.claims().build());
            String broken = token.substring(0, token.length() - 9);
            assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, token, "").status())
                    .isEqualTo(200);
            assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, broken, "").status())
                    .isEqualTo(401);

            // A sign-in succeeds, and its callback is refused the second time.
            ConsoleClient client = new ConsoleClient(service.endpoint());
            String callback = callback(client, "");
            Map<String, String> cookies = client.cookies();

            assertThat(client.get(callback).status()).isEqualTo(200);
            assertThat(ConsoleClient.withCookies(service.endpoint(), cookies)
                            .get(callback)
                            .status())
                    .isEqualTo(401);

            String code = callback.replaceAll(".*code=([^&]+).*", "$1");
            assertThat(texts.lines)
                    .anyMatch(text -> text.contains("oidc:alice signed in"))
                    .noneMatch(text -> text.contains(broken)
                            || text.contains(code)
                            || text.contains(TestIssuer.SECRET)
                            || text.contains(cookies.getOrDefault("keysweep_oidc", "?")));
        } finally {
            root.detachAppender(texts);
        }
    }

    private void assertRefusedWith(UnaryOperator<JWTClaimsSet.Builder> change, int status, String reason)
            throws IOException, InterruptedException {
        issuer.changeIdTokens(change);
        ConsoleClient client = new ConsoleClient(service.endpoint());

        assertRefused(client, callback(client, ""), status, reason);
        assertThat(client.get("/console").status()).isEqualTo(302);
    }

    private static void assertRefused(ConsoleClient client, String callback, int status, String reason) {
        ConsoleClient.Answer refusal = client.get(callback);
        assertThat(refusal.status()).as(reason).isEqualTo(status);
        assertThat(refusal.body()).contains(reason);
    }

    /** Begins a sign-in and follows the browser to the issuer, which leads it back to the address that is returned. */
    private String callback(ConsoleClient client, String query) throws IOException, InterruptedException {
        ConsoleClient.Answer redirectToIssuer = client.get("/console/sign-in/oidc" + query);
        assertThat(redirectToIssuer.status()).isEqualTo(302);

        HttpResponse<Void> atIssuer = browser.send(
                HttpRequest.newBuilder(URI.create(redirectToIssuer.header("Location")))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        String callbackUrl = atIssuer.headers().firstValue("Location").orElseThrow();
        assertThat(callbackUrl).startsWith(service.endpoint() + "/console/sign-in/oidc/callback?code=");
        return callbackUrl.substring(service.endpoint().length());
    }

    /** Collects the texts of all log events and of their exceptions. */
    private static final class LogTexts extends AppenderBase<ILoggingEvent> {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            lines.add(event.getFormattedMessage() + (thrown == null ? "" : " " + thrown.getMessage()));
        }
    }
}
