package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SignInRateLimitTest {

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final SignInRateLimit rateLimit = new SignInRateLimit(() -> now);

    @Test
    void refuses_afterTooManyWrongKeys_onlyTheirAddressForAMinute() {
        for (int i = 0; i < SignInRateLimit.MAX_WRONG_KEYS; i++) {
            assertThat(rateLimit.refuses("10.0.0.1")).isFalse();
            rateLimit.recordWrongKey("10.0.0.1");
        }
        assertThat(rateLimit.refuses("10.0.0.1")).isTrue();
        assertThat(rateLimit.refuses("10.0.0.2")).isFalse();
        now = now.plus(SignInRateLimit.PERIOD);
        assertThat(rateLimit.refuses("10.0.0.1")).isTrue();
        now = now.plusMillis(1);
        assertThat(rateLimit.refuses("10.0.0.1")).isFalse();
    }

    @Test
    void wrongKeys_farApart_areForgotten() {
        for (int i = 0; i < 10 * SignInRateLimit.MAX_WRONG_KEYS; i++) {
            rateLimit.recordWrongKey("10.0.0.1");
            assertThat(rateLimit.refuses("10.0.0.1")).isFalse();
            now = now.plus(SignInRateLimit.PERIOD.dividedBy(SignInRateLimit.MAX_WRONG_KEYS - 2));
        }
    }
}
