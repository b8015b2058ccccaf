package io.keysweep.server.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** Tests which error code a client gets for an error that the HTTP server itself detects. */
class ContainerErrorsTest {

    private static final MockHttpServletRequest GET = new MockHttpServletRequest("GET", "/x");

    @ParameterizedTest
    @CsvSource({
        // status of the HTTP server, error code, status that the client gets
        "401, NO_TOKEN, 401",
        "404, UNKNOWN_URL, 404",
        "405, METHOD_NOT_ALLOWED, 405",
        "413, BODY_TOO_LARGE, 413",
        "415, UNSUPPORTED_MEDIA_TYPE, 415",
        "431, INVALID_PARAMETER, 400",
        "500, INTERNAL, 500",
        "501, INVALID_PARAMETER, 400",
        "505, INVALID_PARAMETER, 400",
        "503, UNAVAILABLE, 503",
    })
    void refusal_ofAStatusOfTheHttpServer_hasItsErrorCode(int containerStatus, ErrorCode code, int status) {
        assertThat(ContainerErrors.refusal(containerStatus, "/x", GET).code()).isEqualTo(code);
        assertThat(code.status()).isEqualTo(status);
    }

    @Test
    void refusal_ofTheMethodConnect_isMethodNotAllowed() {
        assertThat(ContainerErrors.refusal(501, "/x", new MockHttpServletRequest("CONNECT", "/x"))
                        .code())
                .isEqualTo(ErrorCode.METHOD_NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        // name and value of a header, beginning of the detail
        "Host, my_host:80, Host must be sent once",
        "Host, a b, Host must be sent once",
        "Host, h:port, Host must be sent once",
        "Content-Length, -1, Content-Length must be sent once",
        "Content-Length, 99999999999999999999, Content-Length must be sent once",
        "Expect, 200-ok, 'Expect must be 100-continue, or left out.'",
        "Expect, 100-continue, The headers of the request are malformed",
        "Host, h:80, The headers of the request are malformed",
        "Host, '[::1]:80', The headers of the request are malformed",
        "Host, '', The headers of the request are malformed",
    })
    void refusal_ofStatus400_namesTheHeaderThatIsWrong_orNoneIfAllAreRight(String name, String value, String reason) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/x");
        request.addHeader(name, value);

        assertThat(ContainerErrors.refusal(400, "/x", request).detail()).startsWith(reason);
    }

    @Test
    void refusal_withAnException_isInternalOnlyForStatus500() {
        assertThat(ContainerErrors.refusal(503, "/x", GET, new IllegalStateException("stopped"))
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(ContainerErrors.refusal(500, "/x", GET, new IllegalStateException("bug"))
                        .code())
                .isEqualTo(ErrorCode.INTERNAL);
        assertThat(ContainerErrors.refusal(400, "/x", GET, new IOException("ended"))
                        .code())
                .isEqualTo(ErrorCode.MALFORMED_BODY);
    }
}
