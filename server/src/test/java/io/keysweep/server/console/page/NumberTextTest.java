package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how numbers that people write, with separators and units, become the numbers of the API. */
final class NumberTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    rateCeiling   | 1,900,000    | 1900000
                    rateCeiling   | 1 900 000    | 1900000
                    rateCeiling   | 200k         | 200000
                    maxRate       | 5,000 keys/s | 5000
                    backlogTarget | 1.5M         | 1500000
                    backlogTarget | 20 万        | 200000
                    share         | 25 %         | 0.25
                    maxShare      | 0.5%         | 0.005
                    deadPercent   | 20 %         | 20
                    stallBudgetMs | 0.5 ms       | 0.5
                    deadMegabytes | 2 GiB        | 2048
                    deadMegabytes | 512 MiB      | 512
                    """)
    void plain_aWrittenNumber_isTheNumberOfTheApi(String name, String written, String number) {
        assertThat(NumberText.plain(name, written)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    rateCeiling    | many
                    rateCeiling    | 1,5
                    rateCeiling    | 25 %
                    share          | 1 ms
                    overlapMinutes | 5k
                    sweeps         | -1
                    """)
    void plain_anyOtherText_isNotChanged(String name, String written) {
        assertThat(NumberText.plain(name, written)).isEqualTo(written);
    }
}
