package io.keysweep.server.iam;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code POST /v3/auth/tokens}: issues a token for {@code X-Auth-Token} to the holder of an access key.
 *
 * <p>A token is valid for 24 hours. Request and response have the form of the token operation of Huawei Cloud's public
 * IAM API with the method {@code hw_ak_sk}.
 */
@RestController
final class TokenController {

    private static final Duration VALIDITY = Duration.ofHours(24);

    private final CallerLookup callers;
    private final TokenIssuer issuer;
    private final InstantSource clock;

    TokenController(CallerLookup callers, TokenIssuer issuer, InstantSource clock) {
        this.callers = callers;
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * Reads the access key and the secret key from the request body; all other fields are ignored.
     *
     * <p>Example: {@code {"auth": {"identity": {"hw_ak_sk": {"access": {"key": "AK"}, "secret": {"key": "SK"}}}}}}.
     */
    record TokenRequest(@Nullable Auth auth) {
        record Auth(@Nullable Identity identity) {}

        record Identity(@JsonProperty("hw_ak_sk") @Nullable KeyPair keyPair) {}

        record KeyPair(@Nullable Part access, @Nullable Part secret) {}

        record Part(@Nullable String key) {}

        @Nullable KeyPair pair() {
            return auth == null || auth.identity() == null
                    ? null
                    : auth.identity().keyPair();
        }
    }

    @PostMapping("/v3/auth/tokens")
    ResponseEntity<Map<String, Object>> issue(@RequestBody TokenRequest body) {
        TokenRequest.KeyPair pair = body.pair();
        String accessKey = pair == null ? null : key(pair.access());
        String secretKey = pair == null ? null : key(pair.secret());
        if (accessKey == null || secretKey == null) {
            throw RequestRefusedException.parameter(
                    "auth.identity.hw_ak_sk", null, "an object with access.key and secret.key");
        }
        Caller caller = callers.authenticate(accessKey, secretKey)
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN, "The access key or the secret key is wrong."));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(VALIDITY);
        return ResponseEntity.status(HttpStatus.CREATED)
                .header("X-Subject-Token", issuer.issue(caller.accessKey(), caller.projectId(), expiresAt))
                .body(Map.of(
                        "token",
                        Map.of(
                                "issued_at", now.toString(),
                                "expires_at", expiresAt.toString(),
                                "project", Map.of("id", caller.projectId()))));
    }

    private static @Nullable String key(TokenRequest.@Nullable Part part) {
        return part == null ? null : part.key();
    }
}
