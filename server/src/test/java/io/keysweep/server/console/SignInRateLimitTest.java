package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SignInRateLimitTest {

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final SignInRateLimit brake = new SignInRateLimit(() -> now);

    @Test
    void holds_afterManyWrongKeys_theirAddressAlone_forAMinute() {
        for (int i = 0; i < SignInRateLimit.FREE; i++) {
            assertThat(brake.holds("10.0.0.1")).isFalse();
            brake.wrongKey("10.0.0.1");
        }
        assertThat(brake.holds("10.0.0.1")).isTrue();
        assertThat(brake.holds("10.0.0.2")).isFalse();
        now = now.plus(SignInRateLimit.PERIOD);
        assertThat(brake.holds("10.0.0.1")).isTrue();
        now = now.plusMillis(1);
        assertThat(brake.holds("10.0.0.1")).isFalse();
    }

    @Test
    void wrongKeys_nowAndThen_areForgotten() {
        for (int i = 0; i < 10 * SignInRateLimit.FREE; i++) {
            brake.wrongKey("10.0.0.1");
            assertThat(brake.holds("10.0.0.1")).isFalse();
            now = now.plus(SignInRateLimit.PERIOD.dividedBy(SignInRateLimit.FREE - 2));
        }
    }
}
