package io.keysweep.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the text of a size is exact, also at the edges of a unit, and can be read as the same size. */
class SizeTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1048575, 1048575 B",
        "1047552, 1023 KiB",
        "1048576, 1 MiB",
        "1073741824, 1 GiB",
        "1125899906842624, 1024 TiB"
    })
    void of_anySize_isExact_andCanBeParsed(long bytes, String text) {
        assertThat(SizeText.of(bytes)).isEqualTo(text);
        assertThat(SizeText.parse(text)).contains(bytes);
    }

    @ParameterizedTest
    @CsvSource({"64 MiB, 67108864", "1g, 1073741824", "512, 512", "3 KB, 3072", "64m, 67108864", "512kb, 524288"})
    void parse_aSizeInAnySpelling_returnsBytes(String text, long bytes) {
        assertThat(SizeText.parse(text)).contains(bytes);
        assertThat(SizeText.parse(SizeText.of(bytes))).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "big", "-1", "1.5g", "999999999999 t"})
    void parse_anotherText_isEmpty(String text) {
        assertThat(SizeText.parse(text)).isEmpty();
    }
}
