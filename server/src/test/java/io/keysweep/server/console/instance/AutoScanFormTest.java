package io.keysweep.server.console.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.autoscan.AutoScanChange;
import io.keysweep.server.autoscan.AutoScanConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests the fields of the form for automatic scans, and the change that a submitted form requests. */
class AutoScanFormTest {

    private static final Instant FIRST_START = Instant.parse("2026-11-24T02:00:00Z");

    @Test
    void of_enabledScheduleThatHasBegun_containsItsNextStart() {
        AutoScanConfig config = config(/* enabled= */ true);

        // One second before the first start, and one second after it. The interval is one day.
        assertThat(AutoScanForm.of(config, FIRST_START.minusSeconds(1)))
                .containsEntry("firstScanAt", "2026-11-24 02:00:00");
        assertThat(AutoScanForm.of(config, FIRST_START.plusSeconds(1)))
                .containsEntry("firstScanAt", "2026-11-25 02:00:00");
    }

    @Test
    void of_disabledSchedule_containsItsFirstStart() {
        assertThat(AutoScanForm.of(config(/* enabled= */ false), FIRST_START.plusSeconds(1)))
                .containsEntry("firstScanAt", "2026-11-24 02:00:00");
    }

    @Test
    void change_ofAFormWithDurationsAndTimesInAnySpelling_hasTheValuesOfTheApi() {
        AutoScanChange change = AutoScanForm.change(
                Map.of("enabled", "on", "firstScanAt", "2099-01-01 02:00", "interval", "1 d 12h", "timeout", "259200"));

        assertThat(change.firstScanAt()).isEqualTo("2099-01-01T02:00:00Z");
        assertThat(change.interval()).isEqualTo(36 * 3_600);
        assertThat(change.timeout()).isEqualTo(259_200);

        // The time may have any form in which pages show it, and the number a separator or a unit.
        for (String text :
                List.of("2099-01-01 02:00:00 UTC", "2099-01-01 10:00:00 GMT+8", "2099-01-01T02:00:00.000Z")) {
            assertThat(AutoScanForm.change(Map.of("firstScanAt", text)).firstScanAt())
                    .as(text)
                    .isEqualTo("2099-01-01T02:00:00Z");
        }
        assertThat(AutoScanForm.change(Map.of("firstScanAt", "2099-01-01")).firstScanAt())
                .isEqualTo("2099-01-01T00:00:00Z");
        assertThat(AutoScanForm.change(Map.of("scanKeysCount", "1,000")).scanKeysCount())
                .isEqualTo(1_000);
        assertThat(AutoScanForm.change(Map.of("scanKeysCount", "2k")).scanKeysCount())
                .isEqualTo(2_000);
    }

    @Test
    void change_ofAFormWithTextsInPlaceOfNumbers_isRefused() {
        assertThatThrownBy(() -> AutoScanForm.change(Map.of("interval", "often")))
                .hasMessageContaining("interval is 'often', must be a duration such as 12 h, 1 d or 90 min.");
        assertThatThrownBy(() -> AutoScanForm.change(Map.of("firstScanAt", "soon")))
                .hasMessageContaining("firstScanAt is 'soon', must be a time such as 2026-12-24 02:00");
        assertThatThrownBy(() -> AutoScanForm.change(Map.of("scanKeysCount", "many")))
                .hasMessageContaining("scanKeysCount is 'many', must be a whole number.");
    }

    /** Returns a daily schedule. */
    private static AutoScanConfig config(boolean enabled) {
        return new AutoScanConfig(
                UUID.randomUUID(),
                enabled,
                /* firstScanAt= */ FIRST_START,
                /* interval= */ Duration.ofDays(1),
                /* timeout= */ Duration.ofDays(2),
                /* scanKeysCount= */ 100,
                /* version= */ 1,
                /* lastDue= */ null,
                /* updatedAt= */ FIRST_START);
    }
}
