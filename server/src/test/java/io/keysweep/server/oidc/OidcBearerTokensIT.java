package io.keysweep.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.Waits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests bearer tokens of an OpenID Connect issuer: the rights that they give, and all reasons to refuse them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // start() sets the fields.
class OidcBearerTokensIT {

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
        oidc.close();
    }

    @Test
    void bearerToken_callsBothApis_withTheRightsOfItsClaim() {
        String token = issuer.sign(issuer.claims().build());
        assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, token, "").status())
                .isEqualTo(200);

        String dcs = "/v2/" + service.administrator().projectId() + "/instances";
        assertThat(oidc.bearer("GET", dcs, token, "").status()).isEqualTo(200);
        assertThat(oidc.bearer(
                                "GET",
                                OidcFixture.INSTANCES,
                                TestIssuer.sign(issuer.claims().build(), issuer.key(), JWSAlgorithm.PS256),
                                "")
                        .status())
                .isEqualTo(200);

        // The role of the token does not allow webhooks, but the role "admins" does.
        Answer refusal = oidc.bearer("GET", "/api/v1/webhooks", token, "");
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.body().get("title").asString()).contains("keysweep:webhook:manage");
        assertThat(oidc.bearer("GET", "/api/v1/webhooks", oidc.signed(OidcFixture.withRoles("admins")), "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void person_ofTheIssuer_isNamedInTheAuditLog_andGrantsOnlyOwnRights() {
        String keys = "/api/v1/projects/" + service.administrator().projectId() + "/access-keys";
        String body = "{\"policies\":[\"viewer\"]}";

        assertThat(oidc.bearer("POST", keys, oidc.signed(OidcFixture.withRoles("dba")), body)
                        .status())
                .isEqualTo(403);

        Answer created = oidc.bearer("POST", keys, oidc.signed(OidcFixture.withRoles("admins")), body);
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);

        Answer audit = service.call(
                service.administrator(), "GET", "/api/v1/audit?actor=oidc:alice&action=createAccessKey", "");
        assertThat(audit.response().body()).contains("\"kind\":\"oidc\"", "\"id\":\"oidc:alice\"");

        // A person of the issuer has no password, so the change of a password is refused.
        assertThat(oidc.bearer(
                                "POST",
                                "/api/v1/users/me/password",
                                oidc.signed(OidcFixture.withRoles("dba")),
                                "{\"oldPassword\":\"x\",\"newPassword\":\"correct horse battery\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void bearerToken_thatIsNotValid_isRefused() throws JOSEException {
        Instant now = Instant.now();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("is of another issuer", oidc.signed(claims -> claims.issuer("https://issuer.example")));
        tokens.put("is for another audience", oidc.signed(claims -> claims.audience(TestIssuer.CLIENT)));
        tokens.put("has no expiry", oidc.signed(claims -> claims.expirationTime(null)));
        tokens.put(
                "is not valid yet",
                oidc.signed(claims -> claims.notBeforeTime(Date.from(now.plus(Duration.ofHours(1))))));
        tokens.put(
                "is not a signed JSON Web Token", new PlainJWT(issuer.claims().build()).serialize());
        tokens.put("does not allow", withThePublicKeyAsSecret());
        tokens.put(
                "is not signed with a key of the issuer",
                TestIssuer.sign(issuer.claims().build(), TestIssuer.newKey(), JWSAlgorithm.RS256));

        tokens.forEach((reason, token) -> {
            Answer refusal = oidc.bearer("GET", OidcFixture.INSTANCES, token, "");
            assertThat(refusal.status()).as(reason).isEqualTo(401);
            assertThat(refusal.body().get("detail").asString()).contains(reason);
        });

        // An expired token has an error code of its own.
        Answer expired = oidc.bearer(
                "GET",
                OidcFixture.INSTANCES,
                oidc.signed(claims -> claims.expirationTime(Date.from(now.minus(Duration.ofHours(1))))),
                "");

        assertThat(expired.status()).isEqualTo(401);
        assertThat(expired.body().get("code").asString()).isEqualTo(ErrorCode.TOKEN_EXPIRED.code());

        // The signature of another token does not fit.
        String token = issuer.sign(issuer.claims().build());
        String tokenWithAnotherSignature = token.substring(0, token.lastIndexOf('.') + 1)
                + issuer.sign(OidcFixture.withRoles("admins")
                                .apply(issuer.claims())
                                .build())
                        .substring(token.lastIndexOf('.') + 1);

        assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, tokenWithAnotherSignature, "")
                        .status())
                .isEqualTo(401);
        assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, "", "").status()).isEqualTo(401);
    }

    @Test
    void person_withoutAMappedValue_isRefusedWithTheNameOfTheClaim() {
        for (UnaryOperator<JWTClaimsSet.Builder> change : List.<UnaryOperator<JWTClaimsSet.Builder>>of(
                OidcFixture.withRoles("other"), claims -> claims.claim("realm_access", 7))) {
            Answer refusal = oidc.bearer("GET", OidcFixture.INSTANCES, oidc.signed(change), "");
            assertThat(refusal.status()).isEqualTo(403);
            assertThat(refusal.body().get("detail").asString())
                    .contains("The claim 'realm_access.roles' of oidc:alice has no value");
        }
        assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, oidc.signed(OidcFixture.withRoles("lost")), "")
                        .body()
                        .get("detail")
                        .asString())
                .contains("a project that does not exist");

        // The token has no name of the person.
        Answer nameless = oidc.bearer(
                "GET", OidcFixture.INSTANCES, oidc.signed(claims -> claims.claim("preferred_username", null)), "");
        assertThat(nameless.status()).isEqualTo(403);
        assertThat(nameless.body().get("detail").asString()).contains("The claim 'preferred_username'");
    }

    @Test
    void person_mappedToAProjectById_getsNoOtherProjectOfThatName() {
        // The id of the first project is the name of the second one.
        for (String project : new String[] {
            "{\"name\":\"by id\",\"id\":\"" + OidcFixture.PROJECT_ID + "\"}",
            "{\"name\":\"" + OidcFixture.PROJECT_ID + "\"}"
        }) {
            assertThat(service.call(service.administrator(), "POST", "/api/v1/projects", project)
                            .status())
                    .isEqualTo(201);
        }
        Answer projects = oidc.bearer("GET", "/api/v1/projects", oidc.signed(OidcFixture.withRoles("byid")), "");

        assertThat(projects.body()).hasSize(1);
        assertThat(projects.body().get(0).get("id").asString()).isEqualTo(OidcFixture.PROJECT_ID);
    }

    @Test
    void nextKeyOfTheIssuer_isFound_andUnknownKeysAreRefusedInAnOutage() {
        String tokenOfKnownKey = issuer.sign(issuer.claims().build());
        assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, tokenOfKnownKey, "")
                        .status())
                .isEqualTo(200);

        // While the issuer is away, unknown keys are refused, and the known key is still accepted.
        issuer.setAway(/* isAway= */ true);
        try {
            String tokenOfUnknownKey =
                    TestIssuer.sign(issuer.claims().build(), TestIssuer.newKey(), JWSAlgorithm.RS256);

            // The service knows other keys of the issuer, so it treats this key id as made up.
            Answer refusal = oidc.bearer("GET", OidcFixture.INSTANCES, tokenOfUnknownKey, "");
            assertThat(refusal.status()).isEqualTo(401);
            assertThat(refusal.body().get("code").asString()).isEqualTo(ErrorCode.INVALID_TOKEN.code());
            assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, tokenOfKnownKey, "")
                            .status())
                    .isEqualTo(200);
        } finally {
            issuer.setAway(/* isAway= */ false);
        }

        // After a change of the key, the service accepts only tokens with the new key.
        issuer.rotate();
        String tokenOfNewKey = issuer.sign(issuer.claims().build());
        Waits.await("the next key is used")
                .until(() -> oidc.bearer("GET", OidcFixture.INSTANCES, tokenOfNewKey, "")
                                .status()
                        == 200);

        assertThat(oidc.bearer("GET", OidcFixture.INSTANCES, tokenOfKnownKey, "")
                        .status())
                .isEqualTo(401);
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
