package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how the ending of a scan follows from its state, a cancel and its timeout. */
final class ScanEndingTest {

    @ParameterizedTest
    @CsvSource({
        // state, cancelled, expired, ending (none while the scan is active)
        "WAITING, false, false,",
        "RUNNING, true, true,",
        "SUCCESS, false, false, success",
        // The scan was complete before a worker found out that it was cancelled.
        "SUCCESS, true, false, success",
        "FAILED, false, false, failed",
        "FAILED, false, true, expired",
        "FAILED, true, false, cancelled",
        "FAILED, true, true, cancelled",
    })
    void of_aStateACancelAndATimeout_isTheEnding(
            ScanState state, boolean cancelled, boolean expired, @Nullable String ending) {
        assertThat(ScanEnding.of(state, cancelled, expired)
                        .map(ScanEnding::wireName)
                        .orElse(null))
                .isEqualTo(ending);
    }
}
