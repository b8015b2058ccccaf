package io.keysweep.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
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

/**
 * Tests how people sign in at an OpenID Connect issuer, how the APIs accept its bearer tokens, and why each is refused.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // start() sets the fields.
class OidcIT {

    private static final String INSTANCES = "/api/v1/instances";

    /** The id of a project that a test creates. */
    private static final String PROJECT_ID = "0123456789abcdef0123456789abcdef";

    private final HttpClient browser =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestIssuer issuer;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path home) {
        issuer = new TestIssuer();
        service = TestService.start(
                home,
                Map.of(
                        "KEYSWEEP_OIDC_ISSUER",
                        issuer.issuer(),
                        "KEYSWEEP_OIDC_NAME",
                        "Example",
                        "KEYSWEEP_OIDC_CLIENT_ID",
                        TestIssuer.CLIENT,
                        "KEYSWEEP_OIDC_CLIENT_SECRET",
                        TestIssuer.SECRET,
                        "KEYSWEEP_OIDC_AUDIENCE",
                        TestIssuer.AUDIENCE,
                        "KEYSWEEP_OIDC_USER_CLAIM",
                        "preferred_username",
                        "KEYSWEEP_OIDC_ROLES_CLAIM",
                        "realm_access.roles",
                        "KEYSWEEP_OIDC_ROLES",
                        "admins=administrator, dba=operator, lost=viewer@nowhere, byid=viewer@" + PROJECT_ID,
                        "KEYSWEEP_OIDC_ALGORITHMS",
                        "RS256,PS256"));
    }

    @AfterAll
    void stop() {
        browser.close();
        service.close();
        issuer.close();
    }

    @BeforeEach
    void reset() {
        issuer.idTokens(UnaryOperator.identity());
    }

    @Test
    void bearerToken_callsBothApis_withTheRightsOfItsClaim() {
        String token = issuer.sign(issuer.claims().build());
        assertThat(bearer("GET", INSTANCES, token, "").status()).isEqualTo(200);
        String dcs = "/v2/" + service.administrator().projectId() + "/instances";
        assertThat(bearer("GET", dcs, token, "").status()).isEqualTo(200);
        assertThat(bearer(
                                "GET",
                                INSTANCES,
                                TestIssuer.sign(issuer.claims().build(), issuer.key(), JWSAlgorithm.PS256),
                                "")
                        .status())
                .isEqualTo(200);
        Answer denied = bearer("GET", "/api/v1/webhooks", token, "");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.body().get("title").asString()).contains("keysweep:webhook:manage");
        assertThat(bearer("GET", "/api/v1/webhooks", signed(groups("admins")), "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void person_isNamedInTheAuditLog_andMayGiveOnlyOwnRights() {
        String keys = "/api/v1/projects/" + service.administrator().projectId() + "/access-keys";
        String body = "{\"policies\":[\"viewer\"]}";
        assertThat(bearer("POST", keys, signed(groups("dba")), body).status()).isEqualTo(403);
        Answer created = bearer("POST", keys, signed(groups("admins")), body);
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        Answer audit = service.call(
                service.administrator(), "GET", "/api/v1/audit?actor=oidc:alice&action=createAccessKey", "");
        assertThat(audit.response().body()).contains("\"kind\":\"oidc\"", "\"id\":\"oidc:alice\"");
        // A person is not a user with a password.
        assertThat(bearer(
                                "POST",
                                "/api/v1/users/me/password",
                                signed(groups("dba")),
                                "{\"oldPassword\":\"x\",\"newPassword\":\"correct horse battery\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void bearerToken_thatIsNotValid_isRefused() throws JOSEException {
        Instant now = Instant.now();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("is of another issuer", signed(claims -> claims.issuer("https://issuer.example")));
        tokens.put("is for another audience", signed(claims -> claims.audience(TestIssuer.CLIENT)));
        tokens.put("has no expiry", signed(claims -> claims.expirationTime(null)));
        tokens.put(
                "is not valid yet", signed(claims -> claims.notBeforeTime(Date.from(now.plus(Duration.ofHours(1))))));
        tokens.put(
                "is not a signed JSON Web Token", new PlainJWT(issuer.claims().build()).serialize());
        tokens.put("does not allow", withThePublicKeyAsSecret());
        tokens.put(
                "is not signed with a key of the issuer",
                TestIssuer.sign(issuer.claims().build(), TestIssuer.newKey(), JWSAlgorithm.RS256));
        tokens.forEach((reason, token) -> {
            Answer refused = bearer("GET", INSTANCES, token, "");
            assertThat(refused.status()).as(reason).isEqualTo(401);
            assertThat(refused.body().get("detail").asString()).contains(reason);
        });
        Answer expired = bearer(
                "GET",
                INSTANCES,
                signed(claims -> claims.expirationTime(Date.from(now.minus(Duration.ofHours(1))))),
                "");
        assertThat(expired.status()).isEqualTo(401);
        assertThat(expired.body().get("code").asString()).isEqualTo("DCS.1002");
        String token = issuer.sign(issuer.claims().build());
        String changed = token.substring(0, token.lastIndexOf('.') + 1)
                + issuer.sign(groups("admins").apply(issuer.claims()).build()).substring(token.lastIndexOf('.') + 1);
        assertThat(bearer("GET", INSTANCES, changed, "").status()).isEqualTo(401);
        assertThat(bearer("GET", INSTANCES, "", "").status()).isEqualTo(401);
    }

    @Test
    void personWithoutAMappedValue_isRefusedWithTheNameOfTheClaim() {
        for (UnaryOperator<JWTClaimsSet.Builder> change : List.<UnaryOperator<JWTClaimsSet.Builder>>of(
                groups("other"), claims -> claims.claim("realm_access", 7))) {
            Answer refused = bearer("GET", INSTANCES, signed(change), "");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body().get("detail").asString())
                    .contains("The claim 'realm_access.roles' of oidc:alice has no value");
        }
        assertThat(bearer("GET", INSTANCES, signed(groups("lost")), "")
                        .body()
                        .get("detail")
                        .asString())
                .contains("a project that does not exist");
        Answer nameless = bearer("GET", INSTANCES, signed(claims -> claims.claim("preferred_username", null)), "");
        assertThat(nameless.status()).isEqualTo(403);
        assertThat(nameless.body().get("detail").asString()).contains("The claim 'preferred_username'");
    }

    @Test
    void personOfAProjectById_isNotLedIntoAnotherOneOfThatName() {
        for (String project :
                new String[] {"{\"name\":\"by id\",\"id\":\"" + PROJECT_ID + "\"}", "{\"name\":\"" + PROJECT_ID + "\"}"
                }) {
            assertThat(service.call(service.administrator(), "POST", "/api/v1/projects", project)
                            .status())
                    .isEqualTo(201);
        }
        Answer projects = bearer("GET", "/api/v1/projects", signed(groups("byid")), "");
        assertThat(projects.body()).hasSize(1);
        assertThat(projects.body().get(0).get("id").asString()).isEqualTo(PROJECT_ID);
    }

    @Test
    void nextKeyOfTheIssuer_isFound_andItsOutageRefusesWithoutLettingIn() {
        String known = issuer.sign(issuer.claims().build());
        assertThat(bearer("GET", INSTANCES, known, "").status()).isEqualTo(200);
        issuer.away(true);
        try {
            String unknown = TestIssuer.sign(issuer.claims().build(), TestIssuer.newKey(), JWSAlgorithm.RS256);
            // The service has loaded the keys of the issuer, so it regards the unknown key as made up.
            Answer refused = bearer("GET", INSTANCES, unknown, "");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.body().get("code").asString()).isEqualTo("DCS.1001");
            assertThat(bearer("GET", INSTANCES, known, "").status()).isEqualTo(200);
        } finally {
            issuer.away(false);
        }
        issuer.rotate();
        String next = issuer.sign(issuer.claims().build());
        Waits.await("the next key is used")
                .until(() -> bearer("GET", INSTANCES, next, "").status() == 200);
        assertThat(bearer("GET", INSTANCES, known, "").status()).isEqualTo(401);
    }

    @Test
    void person_signsInToTheConsole_andSeesTheWantedPage() throws IOException, InterruptedException {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        assertThat(client.get("/console/sign-in?to=/console/scans").body())
                .contains("Sign in with Example", "/console/sign-in/oidc?to=/console/scans");
        ConsoleClient.Answer signedIn = client.get(callback(client, "?to=/console/scans"));
        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.body()).contains("0;url=/console/scans");
        assertThat(client.get("/console/scans").body()).contains("oidc:alice").doesNotContain("/console/password");
        assertThat(client.get("/console/webhooks").status()).isEqualTo(403);
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
        assertRefused(stranger, callback, 401, "was not begun in this browser");
        assertRefused(client, callback.replaceAll("state=[^&]+", "state=other"), 401, "was not begun in this browser");
        String again = callback(client, "");
        Map<String, String> cookies = client.cookies();
        assertThat(client.get(again).status()).isEqualTo(200);
        assertRefused(client, again, 401, "was not begun in this browser");
        // The code alone is of no use a second time, even with the cookie.
        assertRefused(ConsoleClient.withCookies(service.endpoint(), cookies), again, 401, "the issuer has refused");

        assertRefusedWith(claims -> claims.claim("nonce", "other"), 401, "is of another sign-in");
        assertRefusedWith(claims -> claims.audience("another"), 401, "is for another audience");
        assertRefusedWith(claims -> claims.audience(List.of(TestIssuer.CLIENT, "b")), 401, "is for another client");
        assertRefusedWith(claims -> claims.claim("azp", "another"), 401, "is for another client");
        assertRefusedWith(groups("other"), 403, "has no value that the setting oidc.roles maps");
    }

    @Test
    void logs_containNeitherTokensNorCodesNorSecrets() throws IOException, InterruptedException {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        LogTexts texts = new LogTexts();
        texts.start();
        root.addAppender(texts);
        try {
            String token = issuer.sign(issuer.claims().build());
            String broken = token.substring(0, token.length() - 9);
            assertThat(bearer("GET", INSTANCES, token, "").status()).isEqualTo(200);
            assertThat(bearer("GET", INSTANCES, broken, "").status()).isEqualTo(401);
            ConsoleClient client = new ConsoleClient(service.endpoint());
            String callback = callback(client, "");
            Map<String, String> cookies = client.cookies();
            assertThat(client.get(callback).status()).isEqualTo(200);
            assertThat(ConsoleClient.withCookies(service.endpoint(), cookies)
                            .get(callback)
                            .status())
                    .isEqualTo(401);
            String code = callback.replaceAll(".*code=([^&]+).*", "$1");
            assertThat(texts.all)
                    .anyMatch(text -> text.contains("oidc:alice signed in"))
                    .noneMatch(text -> text.contains(broken)
                            || text.contains(code)
                            || text.contains(TestIssuer.SECRET)
                            || text.contains(cookies.getOrDefault("keysweep_oidc", "?")));
        } finally {
            root.detachAppender(texts);
        }
    }

    /** Collects the texts of all log events, with those of exceptions. */
    private static final class LogTexts extends AppenderBase<ILoggingEvent> {

        private final Queue<String> all = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            all.add(event.getFormattedMessage() + (thrown == null ? "" : " " + thrown.getMessage()));
        }
    }

    private void assertRefusedWith(UnaryOperator<JWTClaimsSet.Builder> change, int status, String reason)
            throws IOException, InterruptedException {
        issuer.idTokens(change);
        ConsoleClient client = new ConsoleClient(service.endpoint());
        assertRefused(client, callback(client, ""), status, reason);
        assertThat(client.get("/console").status()).isEqualTo(302);
    }

    private static void assertRefused(ConsoleClient client, String callback, int status, String reason) {
        ConsoleClient.Answer refused = client.get(callback);
        assertThat(refused.status()).as(reason).isEqualTo(status);
        assertThat(refused.body()).contains(reason);
    }

    /** Begins a sign-in and follows the browser to the issuer, which leads it back to the address that is returned. */
    private String callback(ConsoleClient client, String query) throws IOException, InterruptedException {
        ConsoleClient.Answer begun = client.get("/console/sign-in/oidc" + query);
        assertThat(begun.status()).isEqualTo(302);
        HttpResponse<Void> atIssuer = browser.send(
                HttpRequest.newBuilder(URI.create(begun.header("Location")))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        String back = atIssuer.headers().firstValue("Location").orElseThrow();
        assertThat(back).startsWith(service.endpoint() + "/console/sign-in/oidc/callback?code=");
        return back.substring(service.endpoint().length());
    }

    private Answer bearer(String method, String path, String token, String body) {
        return service.send(
                method, path, Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"), body);
    }

    private String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
        return issuer.sign(change.apply(issuer.claims()).build());
    }

    private static UnaryOperator<JWTClaimsSet.Builder> groups(String... values) {
        return claims -> claims.claim("realm_access", Map.of("roles", List.of(values)));
    }

    /** Returns a token whose HMAC has the public key as its secret, which only a confused verifier accepts. */
    private String withThePublicKeyAsSecret() throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(issuer.key().getKeyID())
                        .build(),
                issuer.claims().build());
        jwt.sign(new MACSigner(issuer.key().toRSAPublicKey().getEncoded()));
        return jwt.serialize();
    }
}
