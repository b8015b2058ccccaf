package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoScanRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final String LATER = "2026-11-24T10:00:00.001Z";
    private static final UUID INSTANCE = UUID.randomUUID();

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T02:00:00.000Z",
        "2026-11-25T02:00:00.000",
        "2026-11-25T02:00:00Z",
        "2026-11-25T02:00:00",
    })
    void firstScanAt_inAnyIsoForm_isTaken(String text) {
        AutoScanConfig config = apply(new AutoScanChange(true, text, 3600, 7200, 100));
        assertThat(config.firstScanAt()).isEqualTo(Instant.parse("2026-11-25T02:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "DCS.4819, 2026-11-24T10:00:00Z, 3600, 7200, 100", // now is not later than now
        "DCS.4819, 2020-01-01T00:00:00Z, 3600, 7200, 100",
        "DCS.4819, 2026-11-25, 3600, 7200, 100",
        "DCS.4819, 2026-13-25T00:00:00Z, 3600, 7200, 100",
        "DCS.4819, 2026-11-25T02:00:00+01:00, 3600, 7200, 100",
        "DCS.4819, tomorrow, 3600, 7200, 100",
        "DCS.4819, , 3600, 7200, 100",
        "DCS.4820, 2026-11-25T02:00:00Z, -1, 7200, 100",
        "DCS.4820, 2026-11-25T02:00:00Z, , 7200, 100",
        "DCS.4821, 2026-11-25T02:00:00Z, 3600, 7199, 100",
        "DCS.4821, 2026-11-25T02:00:00Z, 0, 1, 100",
        "DCS.4821, 2026-11-25T02:00:00Z, 0, 0, 100",
        "DCS.4821, 2026-11-25T02:00:00Z, 3600, , 100",
        "DCS.4821, 2026-11-25T02:00:00Z, 2147483647, 2147483647, 100",
        "DCS.4822, 2026-11-25T02:00:00Z, 3600, 7200, 9",
        "DCS.4822, 2026-11-25T02:00:00Z, 3600, 7200, 1001",
        "DCS.4822, 2026-11-25T02:00:00Z, 3600, 7200, ",
    })
    void enabling_againstARule_isRefusedWithItsCode(
            String code,
            @Nullable String first,
            @Nullable Integer interval,
            @Nullable Integer timeout,
            @Nullable Integer count) {
        assertThatThrownBy(() -> apply(new AutoScanChange(true, first, interval, timeout, count)))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        e -> assertThat(e.code().code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 10", "0, 5184000, 1000", "3600, 7200, 10", "2592000, 5184000, 1000"})
    void enabling_atTheEdges_isTaken(int interval, int timeout, int count) {
        AutoScanConfig config = apply(new AutoScanChange(true, LATER, interval, timeout, count));
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(interval));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(timeout));
        assertThat(config.rateCeiling()).isEqualTo(200L * count);
    }

    @Test
    void enabledMissing_isRefused() {
        assertThatThrownBy(() -> apply(new AutoScanChange(null, LATER, 3600, 7200, 100)))
                .hasMessageContaining("enable_auto_scan");
    }

    @Test
    void nativeApi_reportsEveryBrokenRule_withItsOwnFieldNames() {
        AutoScanChange wrong = new AutoScanChange(true, "2020-01-01T00:00:00Z", 0, 1, null);
        assertThatThrownBy(() -> AutoScanRules.apply(INSTANCE, null, wrong, NOW, AutoScanWording.NATIVE))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        e -> assertThat(e.problems())
                                .extracting(FieldProblem::sentence)
                                .containsExactly(
                                        "firstScanAt is '2020-01-01T00:00:00Z', must be later than " + NOW + ".",
                                        "timeoutSeconds is '1', must be at least 2 seconds.",
                                        "scanKeysCount is missing, must be 10 to 1000."));
    }

    @Test
    void disabling_withAFirstStartInThePast_keepsTheOtherValues() {
        AutoScanConfig on = apply(new AutoScanChange(true, LATER, 3600, 7200, 100));
        AutoScanConfig off = AutoScanRules.apply(
                INSTANCE,
                on,
                new AutoScanChange(false, "2020-01-01T00:00:00Z", null, null, 50),
                NOW.plusSeconds(60),
                AutoScanWording.DCS);
        assertThat(off.enabled()).isFalse();
        assertThat(off.version()).isEqualTo(on.version() + 1);
        assertThat(off.interval()).isEqualTo(Duration.ofHours(1));
        assertThat(off.scanKeysCount()).isEqualTo(50);
        assertThat(off.firstScanAt()).isEqualTo(Instant.parse("2020-01-01T00:00:00Z"));
    }

    private static AutoScanConfig apply(AutoScanChange change) {
        return AutoScanRules.apply(INSTANCE, null, change, NOW, AutoScanWording.DCS);
    }
}
