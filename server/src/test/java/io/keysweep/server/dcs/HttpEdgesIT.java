package io.keysweep.server.dcs;

import static io.keysweep.server.dcs.DcsErrors.assertDcsError;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the DCS API takes unusual methods, paths, headers and framings of bodies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpEdgesIT {

    private static final String JSON = "application/json";
    private static final String OFF = "{\"enable_auto_scan\":false}";
    private static final String NO_URL = "The requested URL does not exist.";

    private TestService service;
    private Credentials key;
    private String token;
    private String project;
    private String instance;
    private String config;

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(home, Map.of());
        key = service.administrator();
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

    @AfterAll
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-www-form-urlencoded | enable_auto_scan=false",
                "application/x-www-form-urlencoded;charset=UTF-8 | a=b&a=c",
                "multipart/form-data; boundary=x | --x--",
                "text/json | {\"enable_auto_scan\":false}",
                "text/plain | x",
            })
    void put_signedWithAnotherType_isRefusedForItsTypeAndNotForItsSignature(String type, String body) {
        Answer answer =
                service.send("PUT", config, service.sign(key, "PUT", config, Map.of("Content-Type", type), body), body);
        assertDcsError(
                answer,
                415,
                "DCS.4904",
                "The content type of the request is not supported.",
                "Content-Type is '" + type + "', must be application/json.");
    }

    @Test
    void post_signedWithAForm_isNotReadBeforeItsSignatureIsChecked() {
        String path = instance + "/scan-expire-keys-task";
        String body = "a=b";
        Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
        assertDcsError(
                service.send("POST", path, service.sign(key, "POST", path, form, body), body),
                400,
                "DCS.4049",
                "The instance status is not running.",
                "127.0.0.1:1");
    }

    @Test
    void put_withoutType_isRefusedWithoutATypeThatWasNeverSent() {
        assertDcsError(
                service.send("PUT", config, service.sign(key, "PUT", config, Map.of(), OFF), OFF),
                415,
                "DCS.4904",
                "The content type of the request is not supported.",
                "Content-Type is missing, must be application/json.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "application/json;charset=UTF-8",
                "APPLICATION/JSON",
                "application/json; charset=\"utf-8\""
            })
    void put_ofJson_isTakenInEverySpellingOfItsType(String type) {
        Answer answer =
                service.send("PUT", config, service.sign(key, "PUT", config, Map.of("Content-Type", type), OFF), OFF);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(JSON);
    }

    @Test
    void put_chunked_isTaken() throws Exception {
        assertThat(put(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(OFF)), Map.of())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void put_compressed_isRefusedForItsCoding() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(OFF.getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer = put(
                HttpRequest.BodyPublishers.ofByteArray(compressed.toByteArray()), Map.of("Content-Encoding", "gzip"));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("DCS.4904", "Content-Encoding is 'gzip', must be identity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nab", "-1\r\n\r\n"})
    void put_withMalformedChunks_isRefusedAsMalformed(String chunks) throws IOException {
        String answer = raw("PUT " + config + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nX-Auth-Token: "
                + token + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks);
        assertThat(answer).startsWith("HTTP/1.1 400").contains("DCS.4005", "\r\nContent-Type: application/json\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "\uFEFF", "{\"enable_auto_scan\":falsch}", "{\"enable_auto_scan\":{}}"})
    void put_ofNoJson_isRefusedWithThePlaceAndNotTheText(String body) {
        Answer answer = service.call(key, "PUT", config, body);
        assertDcsError(
                answer,
                400,
                "DCS.4005",
                "The message body contains invalid characters or is not in JSON format.",
                "at line ");
        assertThat(answer.response().body()).doesNotContain("falsch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"unknown\":1}", "{\"interval\":null}"})
    void put_ofNothing_isRefusedAsEmpty(String body) {
        assertDcsError(
                service.call(key, "PUT", config, body), 400, "DCS.4004", "Empty request body.", "enable_auto_scan");
    }

    @Test
    void projectHeader_thatContradictsThePath_isRefused() {
        String other = UUID.randomUUID().toString().replace("-", "");
        for (String[] operation : new String[][] {
            {"GET", project, ""},
            {"GET", instance, ""},
            {"GET", config, ""},
            {"PUT", config, OFF},
            {"POST", instance + "/scan-expire-keys-task", ""},
            {"POST", instance + "/auto-expire/scan", ""},
            {"GET", instance + "/auto-expire/histories", ""}
        }) {
            assertDcsError(
                    service.call(key, operation[0], operation[1], operation[2], Map.of("X-Project-Id", other)),
                    401,
                    "DCS.1004",
                    "Project ID does not match the token.",
                    "X-Project-Id is '" + other + "'",
                    key.projectId());
        }
        assertThat(service.call(key, "GET", project, "", Map.of("X-Project-Id", key.projectId()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void projectOfAnotherOwner_isRefusedWithBothProjects() {
        Credentials other = service.project("other-" + UUID.randomUUID());
        assertDcsError(
                service.call(other, "GET", project, ""),
                401,
                "DCS.1004",
                "Project ID does not match the token.",
                key.projectId(),
                other.projectId());
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
    void pathOfAnotherDcsOperation_doesNotExist(String method, String path) {
        assertDcsError(
                service.call(key, method, project + "/" + path, method.equals("GET") ? "" : "{}"),
                404,
                "DCS.4001",
                NO_URL,
                path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/backups",
                "/tags",
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
    void pathBelowAnInstance_thatIsNone_doesNotExist(String path) {
        assertDcsError(service.call(key, "GET", instance + path, ""), 404, "DCS.4001", NO_URL, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v2/\u00e9/instances", "/v2/a/instances/\u4e2d", "/v2/%zz/instances", "/v2/%/x", "/v2/{x}|y"})
    void path_thatIsNotEncoded_doesNotExist(String path) throws IOException {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 404")
                .contains("\r\nContent-Type: application/json\r\n", "\"DCS.4001\"", NO_URL + " The URL is malformed")
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
        String answer = raw(method + " " + config + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: " + token
                + "\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains(code, "The request method is not allowed for this URL.");
    }

    @Test
    void headAndOptions_areAnsweredWithoutABody() {
        Answer head = service.call(key, "HEAD", instance, "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo(JSON);
        assertThat(service.call(key, "HEAD", project + "/1", "").status()).isEqualTo(400);
        Answer options = service.call(key, "OPTIONS", config, "");
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("Allow")).contains("GET", "PUT");
    }

    @Test
    void header_thatIsMalformed_isRefusedAsParameter() throws IOException {
        String answer = raw("GET " + instance + " HTTP/1.1\r\nHost: h\r\nbad header\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("DCS.4800", "Invalid header in the request.");
        assertThat(raw("GET " + instance + " HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("error_code");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=%zz", "limit=%", "%zz=1", "name=%ff"})
    void query_thatIsMalformed_isRefusedAsParameter(String query) throws IOException {
        String answer = raw("GET " + project + "?" + query + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: " + token
                + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("DCS.4800", "Invalid query in the request. ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=1&offset=0", "offset=0&limit=1", "&limit=1&", "name=a+b&limit=5", "name=a%20b", "name="})
    void query_inAnyOrder_isSignedAlike(String query) {
        assertThat(service.call(key, "GET", project + "?" + query, "").status()).isEqualTo(200);
    }

    /** Sends a signed PUT with a body of any framing; the body is not part of the signature. */
    private HttpResponse<String> put(HttpRequest.BodyPublisher body, Map<String, String> more) throws Exception {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Content-Type", JSON);
        headers.put("X-Auth-Token", token);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(service.endpoint() + config)).PUT(body);
        headers.forEach(request::header);
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private String raw(String request) throws IOException {
        URI endpoint = URI.create(service.endpoint());
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
