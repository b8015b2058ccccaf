package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how many columns a text takes on a terminal, including wide characters such as Chinese ones. */
final class TextWidthTest {

    @ParameterizedTest
    @CsvSource({
        // Latin, Greek, Cyrillic, Hebrew, Arabic
        "orders, 6",
        "ελληνικά, 8",
        "заказы, 6",
        "הזמנות, 6",
        "الطلبات, 7",
        // Vietnamese: composed, and with combining marks
        "Đặt hàng, 8",
        "'Đa\u0323\u0306t', 3",
        // Thai and Khmer have vowels above and below their letters
        "คำสั่งซื้อ, 6",
        "'\u1780\u17B7', 1",
        // Chinese, Japanese with fullwidth and halfwidth forms, Korean: syllables and their parts
        "订单, 4",
        "注文カナ, 8",
        "ＡＢ, 4",
        "ｶﾅ, 2",
        "주문, 4",
        "'\u1112\u1161\u11AB', 2",
        // Emoji, and symbols that are not emoji by default
        "🎉, 2",
        "✅, 2",
        "✓→█│, 4",
        // A character outside the basic plane
        "𠮷, 2",
    })
    void of_text_isTheColumnsOnATerminal(String text, int columns) {
        assertThat(TextWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void cut_wideCharacters_fitsAndKeepsMarksWithTheirLetters() {
        assertThat(TextWidth.cut("订单订单", 7)).isEqualTo("订单...");
        assertThat(TextWidth.cut("订单订单", 6)).isEqualTo("订...");
        assertThat(TextWidth.cut("e\u0301e\u0301e\u0301e\u0301e\u0301", 4)).isEqualTo("e\u0301...");
        assertThat(TextWidth.cut("e\u0301e\u0301e\u0301", 3)).isEqualTo("e\u0301e\u0301e\u0301");
    }

    @Test
    void pad_narrowScript_fillsTheColumn() {
        assertThat(TextWidth.pad("đơn", 5)).isEqualTo("đơn  ");
    }
}
