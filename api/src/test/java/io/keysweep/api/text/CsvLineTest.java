package io.keysweep.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how values are written as the fields of a line with comma-separated values. */
final class CsvLineTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            // Quotation marks belong to the data, so another character encloses a value.
            quoteCharacter = '~',
            nullValues = "null",
            value = {
                "null           | ~~",
                "orders         | orders",
                "a, b           | ~\"a, b\"~",
                "say \"hi\"       | ~\"say \"\"hi\"\"\"~",
                "0-5460,10923   | ~\"0-5460,10923\"~",
                // A spreadsheet would take these for formulas. U+FF1D is the full-width equals sign, which some
                // spreadsheets accept.
                "=1+1           | '=1+1",
                "@SUM(A1)       | '@SUM(A1)",
                "+1             | '+1",
                "-1             | '-1",
                "\uFF1D1+1          | '\uFF1D1+1",
                "a;=1+1         | ~\"a;=1+1\"~",
                "~=A1,B1~         | ~\"'=A1,B1\"~",
            })
    void field_withAnyText_isOneFieldAndNoFormula(@Nullable String text, String field) {
        assertThat(CsvLine.field(text)).isEqualTo(field);
    }

    @Test
    void of_severalValues_isOneLine_andNumbersGetNoApostrophe() {
        assertThat(CsvLine.of(Arrays.asList("a", null, -5L, 0.5, true))).isEqualTo("a,,-5,0.5,true");
    }
}
