package io.keysweep.server.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Starts an OpenID Connect issuer and a service that trusts it, and calls the service with tokens of persons whom the
 * issuer knows.
 */
final class OidcFixture implements AutoCloseable {

    static final String INSTANCES = "/api/v1/instances";

    /** The id of a project that a test creates; the issuer's role {@code byid} maps to it. */
    static final String PROJECT_ID = "0123456789abcdef0123456789abcdef";

    private final TestIssuer issuer = new TestIssuer();
    private final TestService service;

    /** Starts the issuer and the service, which has its files in {@code home}. */
    OidcFixture(Path home) {
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
                        // The role lost maps to a project that does not exist, and byid to a project by its id.
                        "admins=administrator, dba=operator, lost=viewer@nowhere, byid=viewer@" + PROJECT_ID,
                        "KEYSWEEP_OIDC_ALGORITHMS",
                        "RS256,PS256"));
    }

    TestIssuer issuer() {
        return issuer;
    }

    TestService service() {
        return service;
    }

    /** Calls an operation with a token in {@code Authorization: Bearer}. */
    Answer bearer(String method, String path, String token, String body) {
        return service.send(
                method, path, Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"), body);
    }

    /** Returns a token that the issuer has signed, with changed claims. */
    String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
        return issuer.sign(change.apply(issuer.claims()).build());
    }

    /** Returns a change of claims that gives the person these roles. */
    static UnaryOperator<JWTClaimsSet.Builder> withRoles(String... values) {
        return claims -> claims.claim("realm_access", Map.of("roles", List.of(values)));
    }

    @Override
    public void close() {
        service.close();
        issuer.close();
    }
}
