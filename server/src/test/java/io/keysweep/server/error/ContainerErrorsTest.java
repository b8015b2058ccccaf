package io.keysweep.server.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which error code a client gets for an error that the HTTP server itself detects. */
class ContainerErrorsTest {

    @ParameterizedTest
    @CsvSource({
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
    void refusal_ofAStatusOfTheContainer_hasTheCodeForIt(int containerStatus, ErrorCode code, int status) {
        assertThat(ContainerErrors.refusal(containerStatus, "/x").code()).isEqualTo(code);
        assertThat(code.status()).isEqualTo(status);
    }

    @Test
    void refusal_withAnException_isThatOfABugOnlyFor500() {
        assertThat(ContainerErrors.refusal(503, "/x", new IllegalStateException("stopped"))
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(ContainerErrors.refusal(500, "/x", new IllegalStateException("bug"))
                        .code())
                .isEqualTo(ErrorCode.INTERNAL);
        assertThat(ContainerErrors.refusal(400, "/x", new IOException("ended")).code())
                .isEqualTo(ErrorCode.MALFORMED_BODY);
    }
}
