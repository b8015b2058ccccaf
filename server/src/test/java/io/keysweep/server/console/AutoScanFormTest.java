package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.autoscan.AutoScanConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AutoScanFormTest {

    private static final Instant FIRST = Instant.parse("2026-11-24T02:00:00Z");

    @Test
    void of_enabledScheduleThatHasBegun_containsItsNextStart() {
        AutoScanConfig config = config(/* enabled= */ true);
        assertThat(AutoScanForm.of(config, FIRST.minusSeconds(1))).containsEntry("firstScanAt", "2026-11-24T02:00:00");
        assertThat(AutoScanForm.of(config, FIRST.plusSeconds(1))).containsEntry("firstScanAt", "2026-11-25T02:00:00");
    }

    @Test
    void of_disabledSchedule_containsItsFirstStart() {
        assertThat(AutoScanForm.of(config(/* enabled= */ false), FIRST.plusSeconds(1)))
                .containsEntry("firstScanAt", "2026-11-24T02:00:00");
    }

    private static AutoScanConfig config(boolean enabled) {
        return new AutoScanConfig(
                UUID.randomUUID(), enabled, FIRST, Duration.ofDays(1), Duration.ofDays(2), 100, 1, null, FIRST);
    }
}
