package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Tests the sizes that options accept, such as {@code 64mb}. */
final class SizeConverterTest {

    @ParameterizedTest
    @CsvSource({
        "65536, 65536",
        "7b, 7",
        "512kb, 524288",
        "64MB, 67108864",
        "' 2gb ', 2147483648",
        "64 MiB, 67108864",
        "64m, 67108864"
    })
    void convert_size_isInBytes(String written, long bytes) {
        assertThat(new SizeConverter().convert(written)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0mb", "-1", "1.5gb", "64 mx", "mb", "9999999999gb"})
    void convert_otherText_isRefusedWithTheRule(String written) {
        assertThatExceptionOfType(TypeConversionException.class)
                .isThrownBy(() -> new SizeConverter().convert(written))
                .withMessageStartingWith("must be ");
    }
}
