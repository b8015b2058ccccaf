package io.keysweep.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which characters of a text from elsewhere are escaped, and where the text is cut. */
final class ForeignTextTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                // control characters
                0x00,
                0x07,
                0x0a,
                0x0d,
                0x1b,
                0x7f,
                0x85,
                0x9b,
                // the soft hyphen, the space without a width, and separators of lines and paragraphs
                0xad,
                0x200b,
                0x2028,
                0x2029,
                // marks for the direction of text
                0x061c,
                0x200e,
                0x200f,
                0x202a,
                0x202e,
                0x2066,
                0x2069,
                // half of a surrogate pair, the byte order mark, an annotation mark and a tag character
                0xd800,
                0xfeff,
                0xfff9,
                0xe0041,
                // characters that look like nothing: joiner, fillers, blank Braille and variation selectors
                0x034f,
                0x115f,
                0x1160,
                0x180b,
                0x2800,
                0x3164,
                0xffa0,
                0xe0100
            })
    void line_unprintableCharacter_isEscapedWhateverFollows(int codePoint) {
        String text = "a" + Character.toString(codePoint) + "[31mb";
        assertThat(ForeignText.isPrintable(text)).isFalse();
        assertThat(ForeignText.line(text)).startsWith("a\\").endsWith("[31mb").matches("[ -~]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "Grüße, 世界", "👩‍💻 ok", "❤️", "a\\b", "می‌خواهم"})
    void line_printableText_isUnchanged(String text) {
        assertThat(ForeignText.isPrintable(text)).isTrue();
        assertThat(ForeignText.line(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "a b", "Grüße, 世界", "👩‍💻 ok", "می‌خواهم", "Đơn hàng"})
    void isName_ofTextInAnyScript_isTrue(String text) {
        assertThat(ForeignText.isName(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u00a0\u2007",
                "\u200d",
                "\u200dorders",
                "ord\u200ders",
                "orders\u200c",
                "Gru\u0308n",
                "\u3164",
                "a\u034fb",
                "a\nb"
            })
    void isName_ofEmptyInvisibleOrAmbiguousText_isFalse(String text) {
        assertThat(ForeignText.isName(text)).isFalse();
    }

    @Test
    void lines_textOfSeveralLines_keepsLineBreaksAndTabsOnly() {
        assertThat(ForeignText.lines("a\n\tb\r\u001b[2J")).isEqualTo("a\n\tb\\r\\u001b[2J");
        assertThat(ForeignText.line("a\n\tb")).isEqualTo("a\\n\\tb");
    }

    @ParameterizedTest
    @CsvSource({
        "plain text, 10, plain text",
        "plain text!, 10, plain text…",
        "höst 日本, 10, höst 日本",
        "'a\r\nb', 20, a\\r\\nb",
        "'\u001b[2J', 20, \\u001b[2J",
        "'\u202e\u2028\u0000', 20, \\u202e\\u2028\\u0000",
        "'\u001b\u001b', 8, \\u001b…",
    })
    void excerpt_anyText_isOneLineAndNotTooLong(String text, int maxLength, String shown) {
        assertThat(ForeignText.excerpt(text, maxLength)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "plain, 5, plain",
        "plain text, 6, plain…",
        "'ab\u001b', 8, ab\\u001b",
        "'abc\u001b', 8, abc…",
        "'ab\u001bc', 8, ab…",
        "'\u202e\u202e', 12, \\u202e\\u202e",
        "'\u202e\u202e', 11, \\u202e…",
        "a\uD83D\uDE00b, 3, a…"
    })
    void lineWithin_anyText_isNeverCutWithinAnEscape(String text, int maxLength, String kept) {
        assertThat(ForeignText.lineWithin(text, maxLength)).isEqualTo(kept).hasSizeLessThanOrEqualTo(maxLength);
    }

    @ParameterizedTest
    @CsvSource({
        "plain, 5, plain",
        "plain, 6, plain",
        "plain, 3, pla",
        "a\uD83D\uDE00b, 2, a",
        "a\uD83D\uDE00b, 3, a\uD83D\uDE00"
    })
    void beginning_tooLong_isCutButNotWithinSurrogatePair(String text, int maxLength, String kept) {
        assertThat(ForeignText.beginning(text, maxLength)).isEqualTo(kept);
    }

    @Test
    void quote_anyCharacters_isOnOneLineAndEscaped() {
        assertThat(ForeignText.quote("a\r\n\t\"\\\u0001\u00e9\u4e2d"))
                .isEqualTo("\"a\\r\\n\\t\\\"\\\\\\u0001\u00e9\u4e2d\"");
        assertThat(ForeignText.quote("")).isEqualTo("\"\"");
    }

    @Test
    void quote_longText_isCut() {
        assertThat(ForeignText.quote("x".repeat(500)))
                .as("the quote, which has 120 characters, an ellipsis and two quotation marks")
                .hasSize(120 + 3)
                .endsWith("x…\"");
    }
}
