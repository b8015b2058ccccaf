package io.keysweep.server.iam.identity;

import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.TokenExpiry;
import io.keysweep.server.iam.TokenIssuer;
import io.keysweep.server.iam.principal.OwnPassword;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Serves {@code /api/v1/users/me/password}, where users who have a token change their own password. */
@RestController
final class OwnPasswordController {

    private final OwnPassword ownPassword;
    private final TokenIssuer tokens;

    OwnPasswordController(OwnPassword ownPassword, TokenIssuer tokens) {
        this.ownPassword = ownPassword;
        this.tokens = tokens;
    }

    /**
     * Changes the password of the caller, which ends all tokens of the user.
     *
     * <p>The response contains a new token instead of the token in the request. Both have the same expiry, because with
     * a later expiry a thief could use a stolen token for longer.
     */
    @PostMapping("/api/v1/users/me/password")
    ResponseEntity<Void> change(
            @AuthenticationPrincipal Caller caller,
            @RequestBody(required = false) @Nullable JsonNode body,
            HttpServletRequest request) {
        Caller changed = ownPassword.change(caller, body, request.getRemoteAddr());
        ResponseEntity.HeadersBuilder<?> response = ResponseEntity.noContent();
        TokenExpiry.of(request)
                .ifPresent(expiresAt -> response.header(
                        TokenController.TOKEN_HEADER, tokens.issue(changed.subject(), changed.projectId(), expiresAt)));
        return response.build();
    }
}
