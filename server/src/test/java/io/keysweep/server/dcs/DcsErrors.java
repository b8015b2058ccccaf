package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;

/** Asserts that responses are errors in the form of the DCS API (Huawei Cloud's Distributed Cache Service). */
final class DcsErrors {

    private DcsErrors() {}

    /** Asserts the code and that the message is the vendor's sentence, alone or with a reason after it. */
    static void assertDcsError(Answer answer, int status, String code, String sentence) {
        assertThat(answer.response().body()).as("body of %s", answer.response()).contains("error_code");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.errorCode()).as(answer.response().body()).isEqualTo(code);
        String message = answer.body().get("error_msg").asString();
        assertThat(message).startsWith(sentence).hasSizeLessThanOrEqualTo(1024);
        assertThat(message.substring(sentence.length())).matches("(?s)( \\S.*)?");
        assertThat(answer.body().get("error_ext_msg").isNull()).isTrue();
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("X-Request-Id")).isNotBlank();
    }

    /** Asserts the code, the vendor's sentence, and texts that the reason after it must contain. */
    static void assertDcsError(Answer answer, int status, String code, String sentence, String... reason) {
        assertDcsError(answer, status, code, sentence);
        assertThat(answer.body().get("error_msg").asString().substring(sentence.length()))
                .containsIgnoringCase(reason[0])
                .contains(reason);
    }
}
