package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * Tests which value of the field {@code assist} the options of a new scan stand for.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
final class ScanAssistOptionsTest {

    @ParameterizedTest
    @CsvSource({"--assist, before", "--assist-only, only", "--no-assist, none"})
    void mode_oneOption_isItsValue(String option, String mode) {
        assertThat(mode(option)).isEqualTo(mode);
    }

    @Test
    void mode_noOption_isLeftToTheService() {
        assertThat(mode()).isNull();
    }

    @Test
    void mode_twoOptions_isRefused() {
        assertThatThrownBy(() -> mode("--assist", "--no-assist"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("exclude each other");
    }

    private static @Nullable String mode(String... options) {
        return CommandLine.populateCommand(new ScanAssistOptions(), options).mode();
    }
}
