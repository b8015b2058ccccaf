package io.keysweep.server.iam.identity;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.Projects;
import io.keysweep.server.iam.TokenIssuer;
import io.keysweep.server.iam.TokenVerification;
import io.keysweep.server.iam.guessing.SecretCheck;
import io.keysweep.server.iam.guessing.WrongSecretLimit;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code /v3/auth/tokens}: issues the tokens that clients send as {@code X-Auth-Token}, and describes them.
 *
 * <p>A client sends an access key, a name with a password, or an earlier token in the body, see {@link TokenRequest}. A
 * new token is valid for 24 hours. A token that replaces an earlier token expires together with the earlier one. A
 * token acts for the project of its access key or user.
 */
@RestController
final class TokenController {

    private static final Duration VALIDITY = Duration.ofHours(24);

    /** The header that contains the new token in a response, and the token to describe in a GET request. */
    static final String TOKEN_HEADER = "X-Subject-Token";

    private final CallerLookup callers;
    private final Projects projects;
    private final TokenIssuer issuer;
    private final IdentityDocuments documents;
    private final WrongSecretLimit wrongSecrets;
    private final InstantSource clock;

    TokenController(
            CallerLookup callers,
            Projects projects,
            TokenIssuer issuer,
            IdentityDocuments documents,
            WrongSecretLimit wrongSecrets,
            InstantSource clock) {
        this.callers = callers;
        this.projects = projects;
        this.issuer = issuer;
        this.documents = documents;
        this.wrongSecrets = wrongSecrets;
        this.clock = clock;
    }

    /** Describes a token to issue: the caller, the method by which the caller was authenticated, and the expiry. */
    private record TokenGrant(Caller caller, String method, Instant expiresAt) {}

    /**
     * Issues a token, and reports it to the audit log.
     *
     * @param nocatalog present with any value if the client does not want the catalog of services
     */
    @PostMapping("/v3/auth/tokens")
    ResponseEntity<Map<String, Object>> issue(
            @RequestBody TokenRequest body,
            @RequestParam(required = false) @Nullable String nocatalog,
            HttpServletRequest request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        TokenGrant grant = authenticate(body, now, request.getRemoteAddr());
        Caller caller = grant.caller();
        AuditTrail.caller(
                grant.method().equals("token") ? "token" : caller.kind(), caller.accessKey(), caller.projectId());
        AuditTrail.owner(caller.owner());
        Project project = requireOwnProject(caller, body.project());
        AuditTrail.creation(
                new AuditResource("token", caller.accessKey(), /* name= */ null, caller.projectId()),
                new AuditFields().with("method", grant.method()).with("expiresAt", grant.expiresAt()));
        return ResponseEntity.status(HttpStatus.CREATED)
                .header(TOKEN_HEADER, issuer.issue(caller.subject(), caller.projectId(), grant.expiresAt()))
                .body(documents.token(
                        new IdentityDocuments.TokenContent(caller, project, grant.method(), now, grant.expiresAt()),
                        body.target(),
                        /* withCatalog= */ nocatalog == null));
    }

    /**
     * Describes the token in {@code X-Subject-Token} to its own caller. A token of another caller is refused like an
     * invalid one.
     */
    @GetMapping("/v3/auth/tokens")
    ResponseEntity<Map<String, Object>> show(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String nocatalog,
            HttpServletRequest request) {
        Instant now = clock.instant();
        String token = request.getHeader(TOKEN_HEADER);
        if (token == null
                || !(issuer.verify(token, now) instanceof TokenVerification.Valid valid)
                || !callers.findSubject(valid.subject())
                        .map(Caller::accessKey)
                        .equals(Optional.of(caller.accessKey()))) {
            throw RequestRefusedException.of(
                    ErrorCode.INVALID_TOKEN, TOKEN_HEADER + " must be a valid token of the caller's access key.");
        }
        return ResponseEntity.ok()
                .header(TOKEN_HEADER, token)
                .body(documents.token(
                        new IdentityDocuments.TokenContent(
                                caller,
                                requireOwnProject(caller, Optional.empty()),
                                "token",
                                now.truncatedTo(ChronoUnit.SECONDS),
                                valid.expiresAt()),
                        TokenRequest.Target.PROJECT,
                        /* withCatalog= */ nocatalog == null));
    }

    /**
     * Authenticates the client by the credentials in the body; if there is a token, other credentials are ignored.
     *
     * @param now current time in whole seconds, at which the validity of the new token begins
     * @param address address of the client, which is refused for a while after too many wrong secrets
     * @throws RequestRefusedException if the body has no credentials, the credentials are wrong, or the address has
     *     sent too many wrong secrets
     */
    private TokenGrant authenticate(TokenRequest body, Instant now, String address) {
        Optional<String> token = body.token();
        if (token.isPresent()) {
            return exchange(token.get(), now);
        }

        TokenRequest.TokenCredentials credentials = body.credentials()
                .orElseThrow(() -> RequestRefusedException.parameter(
                        "auth.identity.hw_ak_sk",
                        /* value= */ null,
                        "an object with access.key and secret.key; application_credential with id and secret, or"
                                + " password with user.name and user.password, can take its place"));

        String principal = credentials.accessKey();
        Caller caller = switch (wrongSecrets.check(
                address, principal, () -> callers.authenticate(principal, credentials.secretKey()))) {
            case SecretCheck.Right<Caller> right -> right.found();
            case SecretCheck.Wrong<Caller> wrong ->
                throw RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN,
                        credentials.isPassword() && Caller.isUser(principal)
                                ? "The name or the password is wrong."
                                : "The access key or the secret key is wrong.");
            case SecretCheck.Refused<Caller> refused -> throw refused.reason().error();
        };
        return new TokenGrant(caller, credentials.method(), now.plus(VALIDITY));
    }

    /**
     * Grants a new token for a valid one, with the same expiry. With a later expiry, a thief could renew a stolen token
     * for ever.
     */
    private TokenGrant exchange(String token, Instant now) {
        return switch (issuer.verify(token, now)) {
            case TokenVerification.Valid valid ->
                new TokenGrant(callers.require(valid.subject()), "token", valid.expiresAt());
            case TokenVerification.Expired expired ->
                throw RequestRefusedException.of(ErrorCode.TOKEN_EXPIRED, expired.reason(now));
            case TokenVerification.Invalid invalid ->
                throw RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN, "auth.identity.token.id is not a token that this service has issued.");
        };
    }

    /**
     * Returns the caller's project.
     *
     * @param reference project that the client names by id, by name or by both; empty for the caller's own
     * @throws RequestRefusedException if the client names another project
     */
    private Project requireOwnProject(Caller caller, Optional<TokenRequest.Reference> reference) {
        String id = reference.map(TokenRequest.Reference::id).orElse(null);
        String name = reference.map(TokenRequest.Reference::name).orElse(null);
        return projects.findOwn(caller, name)
                .filter(project -> id == null || project.id().equals(ProjectId.canonical(id)))
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.WRONG_PROJECT,
                        "auth.scope.project is another project than " + caller.projectId()
                                + ", for which the access key acts."));
    }
}
