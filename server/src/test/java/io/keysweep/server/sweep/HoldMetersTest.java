package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.HoldCause;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests that the metrics of holds count the time and the number of holds for each cause.
 *
 * <p>A hold is a time without steps. Its cause is, for example, a pause or a busy server. In the metrics, the tag
 * {@code reason} contains the cause.
 */
class HoldMetersTest {

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final HoldMeters meters = new HoldMeters(registry);

    @Test
    void hold_whileItLastsAndAfterItsEnd_isCountedOnlyUntilItsEnd() {
        HoldMeters.RunningHold hold = meters.begin(HoldCause.SERVER);
        clock.add(Duration.ofSeconds(30));

        // While the hold lasts, its time is included.
        assertThat(seconds("server")).isEqualTo(30);
        assertThat(held("server")).isEqualTo(1);

        // The time after the end is not added, and a second call of end() has no effect.
        assertThat(hold.end()).isEqualTo(Duration.ofSeconds(30));
        clock.add(Duration.ofSeconds(30));
        hold.end();

        assertThat(seconds("server")).isEqualTo(30);
        assertThat(held("server")).isZero();
        assertThat(seconds("request")).isZero();
    }

    @Test
    void holds_ofSeveralSweeps_addUpByCause() {
        meters.begin(HoldCause.REQUEST);
        meters.begin(HoldCause.REQUEST);
        meters.begin(HoldCause.CONNECTION);
        clock.add(Duration.ofSeconds(5));

        assertThat(seconds("request")).isEqualTo(10);
        assertThat(held("request")).isEqualTo(2);
        assertThat(seconds("connection")).isEqualTo(5);
    }

    /** Returns the seconds that sweeps have been on hold for a reason. */
    private double seconds(String reason) {
        return registry.get("keysweep.hold.seconds")
                .tag("reason", reason)
                .functionCounter()
                .count();
    }

    /** Returns how many sweeps are on hold for a reason. */
    private double held(String reason) {
        return registry.get("keysweep.sweeps.held")
                .tag("reason", reason)
                .gauge()
                .value();
    }
}
