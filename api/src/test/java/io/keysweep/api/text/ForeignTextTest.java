package io.keysweep.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x061c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029,
                0x202a, 0x202e, 0x2066, 0x2069, 0xd800, 0xfeff, 0xfff9, 0xe0041
            })
    void unprintableCharacter_isEscaped_whateverFollows(int c) {
        String text = "a" + Character.toString(c) + "[31mb";
        assertThat(ForeignText.isPrintable(text)).isFalse();
        assertThat(ForeignText.line(text)).startsWith("a\\").endsWith("[31mb").matches("[ -~]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "Grüße, 世界", "👩‍💻 ok", "a\\b", "می‌خواهم"})
    void printableText_isUnchanged(String text) {
        assertThat(ForeignText.isPrintable(text)).isTrue();
        assertThat(ForeignText.line(text)).isEqualTo(text);
    }

    @Test
    void textOfSeveralLines_keepsLineBreaksAndTabsOnly() {
        assertThat(ForeignText.lines("a\n\tb\r\u001b[2J")).isEqualTo("a\n\tb\\r\\u001b[2J");
        assertThat(ForeignText.line("a\n\tb")).isEqualTo("a\\n\\tb");
    }
}
