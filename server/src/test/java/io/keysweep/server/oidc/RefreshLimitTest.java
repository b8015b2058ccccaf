package io.keysweep.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests when the issuer may be called, also if the clock is set back. */
class RefreshLimitTest {

    /** The number of calls in a minute. */
    private static final int MAX_CALLS = 10;

    private final ManualClock clock = new ManualClock();
    private final RefreshLimit limit = new RefreshLimit(clock);

    @Test
    void failure_ofADownload_pausesCallsForFiveSecondsOrUntilTheClockIsSetBack() {
        assertThat(limit.tryCall()).isTrue();
        limit.recordFailure();
        assertThat(limit.tryCall()).isFalse();

        clock.advance(Duration.ofSeconds(5));
        assertThat(limit.tryCall()).isTrue();

        // The clock is set back by an hour.
        limit.recordFailure();
        clock.advance(Duration.ofHours(-1));
        assertThat(limit.tryCall()).isTrue();
    }

    @Test
    void calls_ofAMinute_areTenAtMost_orMoreIfTheClockIsSetBack() {
        for (int i = 0; i < MAX_CALLS; i++) {
            assertThat(limit.tryCall()).isTrue();
        }
        assertThat(limit.tryCall()).isFalse();

        clock.advance(Duration.ofHours(-1));
        assertThat(limit.tryCall()).isTrue();
    }
}
