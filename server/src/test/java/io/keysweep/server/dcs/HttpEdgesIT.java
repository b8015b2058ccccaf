package io.keysweep.server.dcs;

import static io.keysweep.server.dcs.DcsErrors.assertDcsError;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
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
 * Tests how the DCS API (Huawei Cloud's Distributed Cache Service) answers unusual methods, paths, headers and queries.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpEdgesIT {

    private static final String JSON = "application/json";

    /** The body of a valid request, which switches automatic scans off. */
    private static final String SWITCH_OFF = "{\"enable_auto_scan\":false}";

    /** More characters than the 8 KiB that headers or a URL may have. */
    private static final String MORE_THAN_8_KIB = "x".repeat(9_000);

    /** The message about a path that no operation has. */
    private static final String URL_DOES_NOT_EXIST = "The requested URL does not exist.";

    private TestService service;
    private Credentials key;
    private String token;
    private String project;
    private String instance;
    private String config;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("http edges");
        project = "/v2/" + key.projectId() + "/instances";
        instance = project + "/" + service.register(key, "edges", "redis://127.0.0.1:1");
        config = instance + "/scan-expire-keys/autoscan-config";
        token = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", JSON),
                        "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + key.accessKey()
                                + "\"},\"secret\":{\"key\":\"" + key.secretKey() + "\"}}}}}")
                .header("X-Subject-Token");
    }

    @Test
    void projectHeader_thatContradictsThePath_isRefused() {
        String otherProjectId = UUID.randomUUID().toString().replace("-", "");

        // The path of each operation has the project of the caller.
        for (String[] operation : new String[][] {
            {"GET", project, ""},
            {"GET", instance, ""},
            {"GET", config, ""},
            {"PUT", config, SWITCH_OFF},
            {"POST", instance + "/scan-expire-keys-task", ""},
            {"POST", instance + "/auto-expire/scan", ""},
            {"GET", instance + "/auto-expire/histories", ""}
        }) {
            assertDcsError(
                    service.call(key, operation[0], operation[1], operation[2], Map.of("X-Project-Id", otherProjectId)),
                    401,
                    "DCS.1004",
                    "Project ID does not match the token.",
                    "X-Project-Id is '" + otherProjectId + "'",
                    key.projectId());
        }

        assertThat(service.call(key, "GET", project, "", Map.of("X-Project-Id", key.projectId()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void projectOfOthers_isRefused_withTheIdsOfBothProjects() {
        Credentials otherTeam = service.project("other-" + UUID.randomUUID());
        assertDcsError(
                service.call(otherTeam, "GET", project, ""),
                401,
                "DCS.1004",
                "Project ID does not match the token.",
                key.projectId(),
                otherTeam.projectId());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, status",
        "PUT, status",
        "GET, statistic",
        "POST, export",
        "GET, export-job",
        "POST, action",
        "GET, status/x"
    })
    void path_ofADcsOperationThatTheServiceDoesNotOffer_doesNotExist(String method, String path) {
        assertDcsError(
                service.call(key, method, project + "/" + path, method.equals("GET") ? "" : "{}"),
                404,
                "DCS.4001",
                URL_DOES_NOT_EXIST,
                path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/backups",
                "/tags/action",
                "/bigkey-task",
                "/scan-expire-keys/autoscan-config/",
                "/auto-expire/histories/",
                "/",
                "%2Fauto-expire%2Fhistories",
                "%2f",
                "%5C",
                "/auto-expire//histories",
                "/..",
                "/%2e%2e/x",
                ";a=b",
                "/%00",
            })
    void unknownPath_belowAnInstance_doesNotExist(String path) {
        assertDcsError(service.call(key, "GET", instance + path, ""), 404, "DCS.4001", URL_DOES_NOT_EXIST, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v2/\u00e9/instances", "/v2/a/instances/\u4e2d", "/v2/%zz/instances", "/v2/%/x", "/v2/{x}|y"})
    void path_thatIsNotEncoded_doesNotExist(String path) throws IOException {
        String answer = service.sendRaw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 404")
                .contains(
                        "\r\nContent-Type: application/json\r\n",
                        "\"DCS.4001\"",
                        URL_DOES_NOT_EXIST + " The URL is malformed")
                .containsIgnoringCase("\r\nX-Request-Id: ");
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH, 405, DCS.5001",
        "DELETE, 405, DCS.5001",
        "TRACE, 405, DCS.5001",
        "PROPFIND, 405, DCS.5001",
        "get, 405, DCS.5001",
    })
    void method_thatNoOperationHas_isNotAllowed(String method, int status, String code) throws IOException {
        String answer = service.sendRaw(method + " " + config + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: " + token
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains(code, "The request method is not allowed for this URL.");
    }

    @Test
    void methodsHeadAndOptions_areAnswered_withTheHeadersOfThePath() {
        Answer head = service.call(key, "HEAD", instance, "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo(JSON);
        assertThat(service.call(key, "HEAD", project + "/1", "").status()).isEqualTo(400);

        Answer options = service.call(key, "OPTIONS", config, "");
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("Allow")).contains("GET", "PUT");
    }

    @Test
    void malformedOrMissingHeader_isRefusedAsAnInvalidParameter() throws IOException {
        String answer =
                service.sendRaw("GET " + instance + " HTTP/1.1\r\nHost: h\r\nbad header\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("DCS.4800", "Invalid header in the request.");
        assertThat(service.sendRaw("GET " + instance + " HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("error_code");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/9.9, X-Test: 1, The version of HTTP must be 1.1 or 1.0.",
        "HTTP/1.1, Transfer-Encoding: gzip, 'Transfer-Encoding must be chunked, or left out.'",
    })
    void unknownHttpVersionOrTransferCoding_isAnErrorOfTheClient(String version, String header, String reason)
            throws IOException {
        assertThat(service.sendRaw("GET " + instance + " " + version + "\r\nHost: h\r\n" + header
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("DCS.4800", reason);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Auth-Token: x, DCS.1001, send it once",
        "X-Auth-Token: , DCS.1001, send it once",
    })
    void token_thatIsSentTwice_isRefused(String second, String code, String reason) throws IOException {
        assertThat(service.sendRaw("GET " + instance + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: " + token + "\r\n"
                        + second + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401")
                .contains(code, "X-Auth-Token header: " + reason);
    }

    @Test
    void credentials_thatAreEmpty_areTreatedAsMissing() throws IOException {
        assertThat(service.sendRaw("GET " + instance
                        + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token:\r\nAuthorization: \r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401")
                .contains("DCS.1003", "No token in the request.");
        assertThat(service.sendRaw("GET " + instance + " HTTP/1.1\r\nHost: h\r\nAuthorization:\r\nX-Auth-Token: "
                        + token + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void headersOrUrlOfMoreThan8Kib_areRefused_withTheLimit() throws IOException {
        assertThat(service.sendRaw("GET " + instance + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: " + MORE_THAN_8_KIB
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("DCS.4800", "larger than 8 KiB");
        assertThat(service.sendRaw("GET " + project + "?name=" + MORE_THAN_8_KIB
                        + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("DCS.4001", "at most 8 KiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my_host:80", "a b", "h:port", "h\r\nHost: g"})
    void malformedHostHeader_isRefused_withTheRule(String host) throws IOException {
        assertThat(service.sendRaw("GET " + instance + " HTTP/1.1\r\nHost: " + host + "\r\nX-Auth-Token: " + token
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("DCS.4800", "Host must be sent once");
    }

    @ParameterizedTest
    @CsvSource({"caf\u00e9, UTF-8", "\u5317\u4eac, UTF-8", "caf\u00e9, ISO-8859-1"})
    void signedHeader_withNonAsciiText_isAcceptedInTheEncodingsOfClients(String value, String encoding)
            throws IOException {
        StringBuilder request = new StringBuilder("GET " + instance + " HTTP/1.1\r\nHost: "
                + URI.create(service.endpoint()).getAuthority() + "\r\nConnection: close\r\n");
        service.sign(key, "GET", instance, Map.of("X-Note", value), "")
                .forEach((name, text) -> request.append(name + ": " + text + "\r\n"));

        assertThat(service.sendRaw(request + "\r\n", Charset.forName(encoding))).startsWith("HTTP/1.1 200");
    }

    @Test
    void methodConnect_isNotAllowed() throws IOException {
        assertThat(service.sendRaw("CONNECT " + instance + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("DCS.5001");
    }

    @Test
    void allowHeader_ofARefusedMethod_namesAllAllowedMethods() {
        assertThat(service.call(key, "DELETE", config, "").header("Allow").split(","))
                .containsExactlyInAnyOrder("GET", "PUT", "HEAD", "OPTIONS");
        assertThat(service.call(key, "GET", instance + "/auto-expire/scan", "")
                        .header("Allow")
                        .split(","))
                .containsExactlyInAnyOrder("POST", "OPTIONS");
    }

    @Test
    void unknownPath_isShownCompletelyInTheError() {
        String path = instance + "/hotkey-autoscan-configuration";
        assertDcsError(
                service.call(key, "GET", path, ""),
                404,
                "DCS.4001",
                URL_DOES_NOT_EXIST,
                "path is '" + path + "', must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*", "*"})
    void contentType_thatIsARange_isRefused(String type) throws IOException {
        assertThat(service.sendRaw("PUT " + config + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: " + token
                        + "\r\nContent-Type: " + type + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
                .startsWith("HTTP/1.1 415")
                .contains("DCS.4904", "Content-Type is '" + type + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=%zz", "limit=%", "%zz=1", "name=%ff", "=x"})
    void malformedQuery_isRefusedAsAnInvalidParameter(String query) throws IOException {
        String answer = service.sendRaw("GET " + project + "?" + query + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: "
                + token + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("DCS.4800", "Invalid query in the request. ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=1&offset=0", "offset=0&limit=1", "&limit=1&", "name=a+b&limit=5", "name=a%20b", "name="})
    void signedQuery_inAnyOrderAndEncoding_isAccepted(String query) {
        assertThat(service.call(key, "GET", project + "?" + query, "").status()).isEqualTo(200);
    }
}
