package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WrongKeyLimitTest {

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final WrongKeyLimit limit = new WrongKeyLimit(() -> now);

    @Test
    void refuses_afterTooManyWrongKeys_onlyTheirAddressForAMinute() {
        for (int i = 0; i < WrongKeyLimit.MAX_WRONG_KEYS; i++) {
            assertThat(limit.refuses("10.0.0.1")).isFalse();
            limit.recordWrongKey("10.0.0.1");
        }
        assertThat(limit.refuses("10.0.0.1")).isTrue();
        assertThat(limit.refuses("10.0.0.2")).isFalse();
        now = now.plus(WrongKeyLimit.PERIOD);
        assertThat(limit.refuses("10.0.0.1")).isTrue();
        now = now.plusMillis(1);
        assertThat(limit.refuses("10.0.0.1")).isFalse();
    }

    @Test
    void wrongKeys_farApart_areForgotten() {
        for (int i = 0; i < 10 * WrongKeyLimit.MAX_WRONG_KEYS; i++) {
            limit.recordWrongKey("10.0.0.1");
            assertThat(limit.refuses("10.0.0.1")).isFalse();
            now = now.plus(WrongKeyLimit.PERIOD.dividedBy(WrongKeyLimit.MAX_WRONG_KEYS - 2));
        }
    }
}
