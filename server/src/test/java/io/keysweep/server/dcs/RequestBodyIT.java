package io.keysweep.server.dcs;

import static io.keysweep.server.dcs.DcsErrors.assertDcsError;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests how the DCS API answers requests whose bodies have unusual types, codings or framings, or are not JSON.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestBodyIT {

    private static final String JSON = "application/json";

    /** The body of a request that switches automatic scans off. */
    private static final String SWITCH_OFF = "{\"enable_auto_scan\":false}";

    private TestService service;
    private Credentials key;
    private String token;
    private String instance;
    private String config;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("request bodies");
        instance = "/v2/" + key.projectId() + "/instances/" + service.register(key, "edges", "redis://127.0.0.1:1");
        config = instance + "/scan-expire-keys/autoscan-config";
        token = service.send(
                        "POST",
                        "/v3/auth/tokens",
                        Map.of("Content-Type", JSON),
                        "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\"" + key.accessKey()
                                + "\"},\"secret\":{\"key\":\"" + key.secretKey() + "\"}}}}}")
                .header("X-Subject-Token");
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
    void put_ofAnotherContentType_isRefusedForItsType_andNotForItsSignature(String type, String body) {
        Answer answer =
                service.send("PUT", config, service.sign(key, "PUT", config, Map.of("Content-Type", type), body), body);

        assertDcsError(
                answer,
                415,
                "DCS.4904",
                "The content type of the request is not supported.",
                "Content-Type is '" + type + "', must be application/json.");
    }

    /** A server that reads a form before it checks the signature would find an empty body, and a wrong signature. */
    @Test
    void post_withAForm_hasAValidSignature() {
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
    void put_withoutAContentType_isRefused_withTheMessageThatItIsMissing() {
        assertDcsError(
                service.send("PUT", config, service.sign(key, "PUT", config, Map.of(), SWITCH_OFF), SWITCH_OFF),
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
    void put_ofJson_isAccepted_inEverySpellingOfItsContentType(String type) {
        Map<String, String> headers = service.sign(key, "PUT", config, Map.of("Content-Type", type), SWITCH_OFF);
        Answer answer = service.send("PUT", config, headers, SWITCH_OFF);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(JSON);
    }

    @Test
    void put_withAChunkedBody_isAccepted() throws Exception {
        // The length of a body from a publisher is not known, so the client sends it in chunks.
        HttpRequest.BodyPublisher chunks =
                HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(SWITCH_OFF));
        assertThat(put(chunks, Map.of()).statusCode()).isEqualTo(200);
    }

    @Test
    void put_withACompressedBody_isRefusedForItsCoding() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(SWITCH_OFF.getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer = put(
                HttpRequest.BodyPublishers.ofByteArray(compressed.toByteArray()), Map.of("Content-Encoding", "gzip"));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("DCS.4904", "Content-Encoding is 'gzip', must be identity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nab", "-1\r\n\r\n"})
    void put_withMalformedChunks_isRefusedAsAMalformedBody(String chunks) throws IOException {
        String answer = service.sendRaw(
                "PUT " + config + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nX-Auth-Token: " + token
                        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks);
        assertThat(answer).startsWith("HTTP/1.1 400").contains("DCS.4005", "\r\nContent-Type: application/json\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "\uFEFF", "{\"enable_auto_scan\":nonsense}", "{\"enable_auto_scan\":{}}"})
    void put_ofABodyThatIsNotJson_isRefused_withThePlaceButWithoutTheText(String body) {
        Answer answer = service.call(key, "PUT", config, body);
        assertDcsError(
                answer,
                400,
                "DCS.4005",
                "The message body contains invalid characters or is not in JSON format.",
                "at line ");
        assertThat(answer.response().body()).doesNotContain("nonsense");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"interval\":2147483648} | interval is a number out of range at line 1",
                "{\"interval\":-2147483649} | interval is a number out of range at line 1",
                "{\"interval\":3600.5} | interval has a value of another type at line 1",
                "{\"interval\":1,\"interval\":1} | An object has a name twice at line 1",
                "{\"interval\":1,\"x\":{\"a\":1,\"a\":2}} | An object has a name twice at line 1",
                "{\"interval\":1} {} | It is not one JSON object at line 1",
            })
    void put_ofMalformedJson_isRefused_withTheReason(String body, String reason) {
        assertMalformed(service.call(key, "PUT", config, body), reason);
    }

    @Test
    void put_ofJsonWithTooDeepNestingOrATooLongNumber_isRefusedWithTheReason() {
        int depth = 2_000;
        String nested = "{\"interval\":1,\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        assertMalformed(service.call(key, "PUT", config, nested), "It is nested too deeply");

        int digits = 5_000;
        String number = "{\"interval\":1,\"x\":" + "1".repeat(digits) + "}";
        assertMalformed(service.call(key, "PUT", config, number), "a number in it is too long");
    }

    @Test
    void put_ofABodyThatIsNotUtf8_isRefused_withTheReason() throws Exception {
        byte[] latin1 = "{\"interval\":1,\"x\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> answer = put(HttpRequest.BodyPublishers.ofByteArray(latin1), Map.of());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("DCS.4005", "It is not UTF-8 at line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFF{\"enable_auto_scan\":false}",
                "{\"enable_auto_scan\":false,\"x\":{\"a\":[1,{\"b\":null}]},\"y\":1e999}",
                "{\"enable_auto_scan\":false,\"schedule_at\":[\"00:00\"]}\r\n\n",
            })
    void put_ofUnusualButValidJson_isAccepted(String body) {
        assertThat(service.call(key, "PUT", config, body).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: application/json | 200 | enable_auto_scan",
                "Content-Type: text/plain | 415 | Content-Type is 'application/json, text/plain', must be sent once.",
                "Content-Encoding: identity | 200 | enable_auto_scan",
                "Content-Encoding: Identity, identity | 200 | enable_auto_scan",
                "Content-Encoding: identity, gzip | 415 | Content-Encoding is 'identity, gzip', must be identity",
                "Content-Encoding: | 200 | enable_auto_scan",
                "Content-Length: 5 | 400 | Content-Length must be sent once",
                "Transfer-Encoding: identity | 400 | Transfer-Encoding must be chunked",
                "Expect: 200-ok | 400 | 'Expect must be 100-continue, or left out.'",
            })
    void put_withAnAdditionalHeaderAboutTheBody_isAcceptedOrRefusedForIt(String header, int status, String part)
            throws IOException {
        assertThat(rawPut(token, header + "\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains(part);
    }

    @Test
    void put_withTwoHeadersOfCodings_isRefusedForTheSecondCoding() throws IOException {
        assertThat(rawPut(token, "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"))
                .startsWith("HTTP/1.1 415")
                .contains("DCS.4904", "Content-Encoding is 'identity, gzip'");
    }

    @Test
    void put_thatExpectsContinue_getsItOnlyWithValidCredentials() throws IOException {
        assertThat(rawPut(token, "Expect: 100-continue\r\n"))
                .startsWith("HTTP/1.1 100")
                .contains("HTTP/1.1 200");
        assertThat(rawPut("kst1.x.y", "Expect: 100-continue\r\n")).startsWith("HTTP/1.1 401");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"unknown\":1}", "{\"interval\":null}"})
    void put_ofABodyWithoutAKnownField_isRefusedAsEmpty(String body) {
        assertDcsError(
                service.call(key, "PUT", config, body), 400, "DCS.4004", "Empty request body.", "enable_auto_scan");
    }

    private static void assertMalformed(Answer answer, String reason) {
        assertDcsError(
                answer,
                400,
                "DCS.4005",
                "The message body contains invalid characters or is not in JSON format.",
                reason);
    }

    /** Sends a PUT with additional lines of headers as bytes, and returns all bytes of the answer. */
    private String rawPut(String usedToken, String headers) throws IOException {
        return service.sendRaw("PUT " + config + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: " + usedToken
                + "\r\nContent-Type: application/json\r\nContent-Length: " + SWITCH_OFF.length()
                + "\r\nConnection: close\r\n" + headers + "\r\n" + SWITCH_OFF);
    }

    /** Sends a PUT with a token, because a signature would need the body in one piece. */
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
}
