package io.keysweep.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReceivedTextTest {

    @Test
    void quote_anyCharacters_isOnOneLineAndEscaped() {
        assertThat(ReceivedText.quote("a\r\n\t\"\\\u0001\u00e9\u4e2d"))
                .isEqualTo("\"a\\r\\n\\t\\\"\\\\\\x01\\xe9\\u4e2d\"");
        assertThat(ReceivedText.quote("")).isEqualTo("\"\"");
    }

    @Test
    void quote_longText_isCut() {
        assertThat(ReceivedText.quote("x".repeat(500))).hasSize(120 + 5).endsWith("x...\"");
    }
}
