package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;

/** Asserts that responses are errors in the form of the DCS API. */
final class DcsErrors {

    private DcsErrors() {}

    static void assertDcsError(Answer answer, int status, String code, String message) {
        assertThat(answer.response().body()).as("body of %s", answer.response()).contains("error_code");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(answer.body().get("error_msg").asString()).isEqualTo(message);
        assertThat(answer.body().has("error_ext_msg")).isTrue();
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("X-Request-Id")).isNotBlank();
    }
}
