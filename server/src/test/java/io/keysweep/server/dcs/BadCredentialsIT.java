package io.keysweep.server.dcs;

import static io.keysweep.server.dcs.DcsErrors.assertDcsError;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.iam.TokenIssuer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the DCS API refuses requests without valid credentials or without the needed action.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API and errors the service also offers.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadCredentialsIT {

    /** The URI of a server that is down, because nothing listens on this port. */
    private static final String NOWHERE = "redis://127.0.0.1:1";

    private TestService service;
    private Credentials key;
    private String base;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("bad credentials");
        String instanceId = service.register(key, "bad-credentials", NOWHERE);
        base = "/v2/" + key.projectId() + "/instances/" + instanceId;
    }

    @Test
    void request_withoutCredentials_isRefused() {
        assertDcsError(
                service.send("GET", base, Map.of(), ""), 401, "DCS.1003", "No token in the request.", "X-Auth-Token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Basic Zm9vOmJhcg==", "SDK-HMAC-SHA256", "SDK-HMAC-SHA256 Access=x, SignedHeaders=, Signature="})
    void request_withAMalformedAuthorizationHeader_isRefused(String authorization) {
        assertDcsError(
                service.send("GET", base, Map.of("Authorization", authorization), ""),
                401,
                "DCS.1001",
                "Invalid token.");
    }

    @Test
    void request_thatWasChangedAfterItsSignature_isRefused() {
        // The signature covers the query and the path.
        String path = base + "/auto-expire/histories?limit=5";
        Map<String, String> headers = service.sign(key, "GET", path, Map.of(), "");
        assertThat(service.send("GET", path, headers, "").status()).isEqualTo(200);
        assertDcsError(
                service.send("GET", base + "/auto-expire/histories?limit=6", headers, ""),
                401,
                "DCS.1001",
                "Invalid token.");
        assertDcsError(service.send("GET", base, headers, ""), 401, "DCS.1001", "Invalid token.");

        // The signature also covers the body.
        String put = base + "/scan-expire-keys/autoscan-config";
        Map<String, String> json = Map.of("Content-Type", "application/json");
        Map<String, String> signed = service.sign(key, "PUT", put, json, "{\"enable_auto_scan\":false}");
        assertDcsError(
                service.send("PUT", put, signed, "{\"enable_auto_scan\":true }"), 401, "DCS.1001", "Invalid token.");
        assertThat(service.send("PUT", put, signed, "{\"enable_auto_scan\":false}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {-16, 16})
    void request_signedMoreThan15MinutesFromNow_isRefusedWithBothTimes(long minutes) {
        InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(minutes));
        Answer answer = service.send("GET", base, service.sign(key, "GET", base, Map.of(), "", clock), "");

        assertDcsError(answer, 401, "DCS.1001", "Invalid token.");

        // The SDKs print only the message, so the message contains both times.
        assertThat(answer.body().get("error_msg").asString())
                .containsPattern("X-Sdk-Date is 20[-0-9]{8}T[0-9:]{8}Z, the server's time is 20[-0-9]{8}T[0-9:]{8}Z")
                .contains("15 minutes");
    }

    @Test
    void request_withAnUnknownKeyOrAWrongSecret_isRefusedWithItsReason() {
        Credentials wrongSecret = new Credentials(key.projectId(), key.accessKey(), "x".repeat(40));
        Credentials unknown = new Credentials(key.projectId(), "UNKNOWNACCESSKEY0000", key.secretKey());

        assertDcsError(
                service.call(wrongSecret, "GET", base, ""),
                401,
                "DCS.1001",
                "Invalid token.",
                "The signature does not match the request.",
                key.accessKey());
        assertDcsError(
                service.call(unknown, "GET", base, ""),
                401,
                "DCS.1001",
                "Invalid token.",
                "The access key UNKNOWNACCESSKEY0000 does not exist.");
    }

    @Test
    void token_thatHasExpiredOrIsNotOfTheService_isRefused_withTheReason() {
        Instant expiry = Instant.parse("2026-01-01T00:00:00Z");
        String expired = service.bean(TokenIssuer.class).issue(key.accessKey(), key.projectId(), expiry);

        assertDcsError(
                service.send("GET", base, Map.of("X-Auth-Token", expired), ""),
                401,
                "DCS.1002",
                "Token expired.",
                "It expired at 2026-01-01T00:00:00Z, the server's time is 20");
        assertDcsError(
                service.send("GET", base, Map.of("X-Auth-Token", "none"), ""),
                401,
                "DCS.1001",
                "Invalid token.",
                "X-Auth-Token is not a token that this service has issued.");
    }

    @Test
    void request_withoutTheNeededAction_isRefused_withTheNameOfTheAction() {
        Credentials limited = service.project("limited-" + UUID.randomUUID());
        Answer answer = service.call(limited, "POST", "/api/v1/projects", "{\"name\":\"x\"}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().get("title").asString())
                .isEqualTo("Policy does not allow keysweep:project:manage to be performed.");
    }
}
