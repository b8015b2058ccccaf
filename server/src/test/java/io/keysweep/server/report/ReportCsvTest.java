package io.keysweep.server.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the fields of the CSV of a report. */
class ReportCsvTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "null",
            value = {
                "null           | ~~",
                "orders         | orders",
                "a, b           | ~\"a, b\"~",
                "say \"hi\"       | ~\"say \"\"hi\"\"\"~",
                "0-5460,10923   | ~\"0-5460,10923\"~",
                // A spreadsheet would take these for formulas.
                "=1+1           | '=1+1",
                "@SUM(A1)       | '@SUM(A1)",
                "+1             | '+1",
            })
    void field_withAnyText_isOneFieldAndNoFormula(@Nullable String text, String field) {
        assertThat(ReportCsv.field(text)).isEqualTo(field);
    }
}
