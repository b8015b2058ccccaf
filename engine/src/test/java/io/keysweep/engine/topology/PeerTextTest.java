package io.keysweep.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerTextTest {

    @ParameterizedTest
    @CsvSource({
        "plain text, 10, plain text",
        "plain text!, 10, plain text…",
        "höst 日本, 10, höst 日本",
        "'a\r\nb', 20, a\\u000d\\u000ab",
        "'\u001b[2J', 20, \\u001b[2J",
        "'\u202e\u2028\u0000', 20, \\u202e\\u2028\\u0000",
        "'\r\r\r', 8, \\u000d\\u…",
    })
    void shown_text_isOneLineAndNotTooLong(String text, int maxLength, String shown) {
        assertThat(PeerText.shown(text, maxLength)).isEqualTo(shown);
    }
}
