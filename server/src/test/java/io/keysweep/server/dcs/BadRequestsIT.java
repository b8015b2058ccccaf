package io.keysweep.server.dcs;

import static io.keysweep.server.dcs.DcsErrors.assertDcsError;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the DCS API refuses requests with invalid parameters, ids, bodies and URLs.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API and errors the service also offers.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestsIT {

    /** The URI of a server that is down, because nothing listens on this port. */
    private static final String NOWHERE = "redis://127.0.0.1:1";

    private TestService service;
    private Credentials key;
    private String base;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("bad requests");
        String instanceId = service.register(key, "bad-requests", NOWHERE);
        base = "/v2/" + key.projectId() + "/instances/" + instanceId;
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=1001, limit",
        "limit=abc, limit",
        "limit=, limit",
        "limit=1&limit=2, limit",
        // Java's own parser would accept a sign, and digits of another script (Arabic-Indic 5).
        "limit=%2B5, limit",
        "limit=%D9%A5, limit",
        "offset=-1, offset",
        "offset=9999999999, offset",
        "offset=1.5, offset",
        "status=paused, status",
        "status=RUNNING, status",
    })
    void listOfHistories_withAnInvalidParameter_isRefused_withItsName(String query, String name) {
        Answer answer = service.call(key, "GET", base + "/auto-expire/histories?" + query, "");

        assertDcsError(answer, 400, "DCS.4800", "Invalid " + name + " in the request.");
        assertThat(answer.body().get("error_msg").asString())
                .startsWith("Invalid " + name + " in the request. " + name + " is '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1", "limit=1000", "offset=2147483647", "status=waiting", "unknown=1", ""})
    void listOfHistories_withValidParameters_isReturned(String query) {
        assertThat(service.call(key, "GET", base + "/auto-expire/histories?" + query, "")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "offset=x", "status=odd", "name_equal=maybe"})
    void listOfInstances_withAnInvalidParameter_isRefused_withItsName(String query) {
        assertDcsError(
                service.call(key, "GET", "/v2/" + key.projectId() + "/instances?" + query, ""),
                400,
                "DCS.4800",
                "Invalid " + query.substring(0, query.indexOf('=')) + " in the request.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "00000000000000000000000000000000000",
                "%7Bproject_id%7D",
                "0A1B2C3D4E5F60718293A4B5C6D7E8F9"
            })
    void path_withAMalformedProjectId_isRefused(String projectId) {
        assertDcsError(
                service.call(key, "GET", "/v2/" + projectId + "/instances", ""),
                400,
                "DCS.4002",
                "Invalid project ID format.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "5560df16cebf447395c4d1b573c16e79", "5560df16-cebf-4473-95c4-d1b573c16e7g", "a%20b"})
    void path_withAMalformedInstanceId_isRefused(String id) {
        assertDcsError(
                service.call(key, "GET", "/v2/" + key.projectId() + "/instances/" + id + "/auto-expire/histories", ""),
                400,
                "DCS.4061",
                "Invalid instance ID format.");
    }

    @Test
    void instanceOfAnotherProject_isRefusedLikeAnUnknownInstance() {
        Credentials otherTeam = service.project("other-" + UUID.randomUUID());
        String instanceOfOtherTeam = service.register(otherTeam, "theirs", NOWHERE);

        for (String[] operation : new String[][] {
            {"GET", "/auto-expire/histories"},
            {"POST", "/scan-expire-keys-task"},
            {"POST", "/auto-expire/scan"},
            {"GET", "/scan-expire-keys/autoscan-config"},
            {"GET", ""}
        }) {
            String path = "/v2/" + key.projectId() + "/instances/";
            Answer answerAboutOther = service.call(key, operation[0], path + instanceOfOtherTeam + operation[1], "");
            Answer answerAboutUnknown = service.call(key, operation[0], path + UUID.randomUUID() + operation[1], "");
            assertDcsError(answerAboutOther, 404, "DCS.3022", "This DCS instance does not exist.");
            assertThat(answerAboutOther.response().body())
                    .isEqualTo(answerAboutUnknown.response().body());
        }

        // The project itself is refused by the DCS API, and the instance by the native API.
        assertDcsError(
                service.call(key, "GET", "/v2/" + otherTeam.projectId() + "/instances", ""),
                401,
                "DCS.1004",
                "Project ID does not match the token.");
        assertThat(service.call(key, "GET", "/api/v1/instances/" + instanceOfOtherTeam, "")
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | 415 | DCS.4904",
                "application/xml | 415 | DCS.4904",
                "not a type | 415 | DCS.4904",
                "application/json;charset=UTF-8 | 200 | ",
            })
    void contentType_ofAPut_mustBeJson(String contentType, int status, String code) {
        String path = base + "/scan-expire-keys/autoscan-config";
        String body = "{\"enable_auto_scan\":false}";
        Answer answer = service.send(
                "PUT", path, service.sign(key, "PUT", path, Map.of("Content-Type", contentType), body), body);

        assertThat(answer.status()).isEqualTo(status);
        if (status != 200) {
            assertDcsError(answer, status, code, "The content type of the request is not supported.");
        }
    }

    @Test
    void body_ofTwoMegabytes_isRefusedAsTooLarge() {
        String body = "{\"enable_auto_scan\":false,\"x\":\"" + "y".repeat(2 * 1024 * 1024) + "\"}";
        assertDcsError(
                service.call(key, "PUT", base + "/scan-expire-keys/autoscan-config", body),
                413,
                "DCS.4903",
                "The request body is too large.");
    }

    @Test
    void body_thatIsMissing_isRefused() {
        assertDcsError(
                service.call(key, "PUT", base + "/scan-expire-keys/autoscan-config", ""),
                400,
                "DCS.4004",
                "Empty request body.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"x\"",
                "1",
                "nonsense",
                "{\"enable_auto_scan\":\"true\"}",
                "{\"enable_auto_scan\":1}",
                "{\"enable_auto_scan\":true,\"interval\":\"3600\"}",
                "{\"enable_auto_scan\":true,\"interval\":3600.5}",
                "{\"enable_auto_scan\":true,\"interval\":99999999999}",
                "{\"enable_auto_scan\":true,\"timeout\":true}",
                "{\"enable_auto_scan\":true,\"first_scan_at\":1700000000}",
                "{\"enable_auto_scan\":[false]}",
                "{\"enable_auto_scan\":false} x",
                "{\"enable_auto_scan\":false,\"enable_auto_scan\":true}",
                "{\"enable_auto_scan\":false,\"first_scan_at\":{}}",
                "{\"interval\":\"3600\"}"
            })
    void body_thatIsNotJsonOrHasValuesOfWrongTypes_isRefused(String body) {
        assertDcsError(
                service.call(key, "PUT", base + "/scan-expire-keys/autoscan-config", body),
                400,
                "DCS.4005",
                "The message body contains invalid characters or is not in JSON format.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2", "/v2/x/y/z", "/x", "/v3/nothing", "/v2//instances", "/v2/a/instances/b/c;d=e"})
    void unknownUrl_isRefusedWithADcsError(String path) {
        assertDcsError(service.call(key, "GET", path, ""), 404, "DCS.4001", "The requested URL does not exist.");
    }

    @Test
    void method_thatThePathDoesNotHave_isRefused() {
        Answer answer = service.call(key, "DELETE", base + "/auto-expire/histories", "");
        assertDcsError(
                answer,
                405,
                "DCS.5001",
                "The request method is not allowed for this URL.",
                "There is no operation with the method 'DELETE' here.");
        assertThat(answer.header("Allow")).contains("GET");
    }

    @Test
    void malformedRequestLine_isRefusedInJson() throws IOException {
        assertThat(service.sendRaw("GET /v2/{x}|y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("application/json", "X-Request-Id", "\"DCS.4001\"");
    }

    @Test
    void requestIdOfTheClient_isReplacedByAnIdOfTheService() {
        Map<String, String> headers = new HashMap<>(service.sign(key, "GET", base, Map.of(), ""));
        headers.put("X-Request-Id", "mine");

        assertThat(service.send("GET", base, headers, "").header("X-Request-Id"))
                .isNotBlank()
                .isNotEqualTo("mine");
    }
}
