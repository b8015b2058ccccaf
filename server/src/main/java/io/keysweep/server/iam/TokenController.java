package io.keysweep.server.iam;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /v3/auth/tokens}: a token for {@code X-Auth-Token}, good for 24 hours, against an access key. Request and
 * answer have the form of the public IAM API's token call with the method {@code hw_ak_sk}.
 */
@RestController
final class TokenController {

    private static final Duration VALIDITY = Duration.ofHours(24);

    private final IamStore store;
    private final TokenIssuer issuer;
    private final InstantSource clock;

    TokenController(IamStore store, TokenIssuer issuer, InstantSource clock) {
        this.store = store;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Body of the request; what is not read here is ignored. */
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
        if (pair == null || key(pair.access()) == null || key(pair.secret()) == null) {
            throw RequestRefusedException.parameter(
                    "auth.identity.hw_ak_sk", null, "an object with access.key and secret.key");
        }
        AccessKey accessKey = Optional.ofNullable(key(pair.access()))
                .flatMap(store::accessKey)
                .filter(found -> equal(found.secret().text(), String.valueOf(key(pair.secret()))))
                .orElseThrow(() ->
                        RequestRefusedException.of(ErrorCode.INVALID_TOKEN, "Access key or secret key is wrong."));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(VALIDITY);
        return ResponseEntity.status(HttpStatus.CREATED)
                .header("X-Subject-Token", issuer.issue(accessKey.id(), accessKey.projectId(), expiresAt))
                .body(Map.of(
                        "token",
                        Map.of(
                                "issued_at", now.toString(),
                                "expires_at", expiresAt.toString(),
                                "project", Map.of("id", accessKey.projectId()))));
    }

    private static @Nullable String key(TokenRequest.@Nullable Part part) {
        return part == null ? null : part.key();
    }

    private static boolean equal(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
