package io.keysweep.server.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that request lines which no HTTP client would send are answered as errors of the client. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedUrlsIT {

    private TestService service;
    private Credentials key;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("malformed URLs");
    }

    @Test
    void requests_withMalformedParameters_areRefused() throws IOException {
        for (String target : List.of(
                "/console/sign-in?to=%",
                "/console/sign-in?to=%z1",
                "/console/sign-in?%=x",
                "/console/sign-in?a&&=&%2",
                "/v3/projects?name=%",
                "/v3/auth/domains?name=%f")) {
            assertThat(status("GET", target, "")).as(target).isIn(400, 401);
        }

        assertThat(status("POST", "/console/sign-in", "accessKey=%&secretKey=x"))
                .isBetween(400, 404);
    }

    @Test
    void requests_withAnyCharacterInTheirTarget_areNeverAnErrorOfTheService() throws IOException {
        List<String> targets = new ArrayList<>(List.of(
                "/%",
                "/%2",
                "/;",
                "/console;",
                "/console/;x",
                "/console/%",
                "/api/v1/instances;a=b%z",
                "/;%",
                "/livez;%2",
                "/console;a=%/scans"));
        for (char c = '!'; c <= '~'; c++) {
            targets.add(String.valueOf(c));
            targets.add("/" + c);
        }

        // Each method is sent with each target.
        for (String method : List.of("GET", "OPTIONS")) {
            for (String target : targets) {
                assertThat(status(method, target, ""))
                        .as("%s %s", method, target)
                        .isBetween(200, 499);
            }
        }
    }

    @Test
    void requestLine_withoutAVersion_isRefused_withStatusHeadersAndBody() throws IOException {
        for (String line :
                List.of("GET /", "GET /livez", "POST /api/v1/scans", "GET /console/sign-in", "GET /;%", "GET /%")) {
            String answer = answer(line + "\r\n\r\n");
            assertThat(answer).as(line).startsWith("HTTP/1.1 4").contains("\r\nContent-Type: application/json");
            assertThat(answer.split("\r\n\r\n", 2)[1])
                    .as(line)
                    .startsWith("{\"error_code\":")
                    .endsWith("}");
        }

        assertThat(answer("GET /livez\r\n\r\n")).contains("The version of HTTP must be 1.1 or 1.0.");
    }

    @Test
    void requests_withMalformedHeaders_areNeverAnErrorOfTheService() throws IOException {
        for (String path :
                List.of("/console/nothing", "/api/v1/nothing", "/v2/nothing", "/console", "/livez/nothing")) {
            for (String header : List.of(
                    "Content-Type: */*",
                    "Content-Type: text/*",
                    "Content-Type: /",
                    "Accept-Language: \u0090",
                    "Accept: \u0090",
                    "If-None-Match: \u0090",
                    "Range: \u0090",
                    "X-Forwarded-For: \u0090",
                    "Content-Length: \u0090")) {
                String answer = answer("GET " + path + " HTTP/1.1\r\nHost: h\r\nX-Auth-Token: x\r\nCookie: a=b\r\n"
                        + header + "\r\nConnection: close\r\n\r\n");
                assertThat(statusOf(answer)).as("%s, %s", path, header).isBetween(200, 499);
            }
        }
    }

    /** Different filters protect the console and the APIs, so both must read the same path from a URL. */
    @Test
    void pathOfTheConsole_inAnotherSpelling_isProtectedAsTheConsole() {
        for (String path : List.of("/console/instances", "/%63onsole/instances", "/c%6Fnsole/instances")) {
            TestService.Answer answer = service.call(key, "GET", path, "");
            assertThat(answer.status()).as(path).isEqualTo(302);
            assertThat(answer.header("Location")).as(path).startsWith("/console/sign-in");
        }
    }

    @Test
    void uriOfAnInstance_ofOneOrTwoCharacters_isRefused() {
        for (char c = '!'; c <= '~'; c++) {
            String text = c == '"' || c == '\\' ? "\\" + c : String.valueOf(c);
            for (String uri : List.of(text, text + text)) {
                TestService.Answer answer = service.call(
                        key, "POST", "/api/v1/instances/test", "{\"name\":\"short\",\"uri\":\"" + uri + "\"}");
                assertThat(answer.status()).as(uri).isEqualTo(400);
                assertThat(answer.body().get("detail").asString()).as(uri).startsWith("uri: the scheme is");
            }
        }
    }

    /** Sends a request with the fields of a form as its body, and returns the status of the answer. */
    private int status(String method, String target, String form) throws IOException {
        String answer = answer(method + " " + target + " HTTP/1.1\r\nHost: "
                + URI.create(service.endpoint()).getAuthority()
                + "\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: " + form.length() + "\r\n\r\n" + form);
        return statusOf(answer);
    }

    /** Returns the status in the first line of an answer, such as {@code HTTP/1.1 404}. */
    private static int statusOf(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    /** Sends the bytes of a request, and returns all bytes of the answer. */
    private String answer(String request) throws IOException {
        URI endpoint = URI.create(service.endpoint());
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
