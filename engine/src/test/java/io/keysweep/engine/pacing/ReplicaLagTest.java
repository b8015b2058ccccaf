package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Tests the lag of a replica that confirms once per second what it has received, and the factor that it can sustain.
 *
 * <p>The sustainable factor is the throttle factor at which the replica keeps up with the sweep.
 */
final class ReplicaLagTest {

    private static final Offset<Double> CLOSE = within(1e-6);

    private final ReplicaLag lag = new ReplicaLag();

    @Test
    void bytes_replicaThatConfirmsOnceASecond_isNotBehind() {
        double confirmed = 0;
        for (int tick = 0; tick <= 40; tick++) {
            if (tick % 4 == 0) {
                confirmed = tick * 1_000.0;
            }
            add(tick, tick * 1_000.0, confirmed, /* factorSeconds= */ 0);
            lag.lagBytes().ifPresent(bytes -> assertThat(bytes).isZero());
        }

        assertThat(lag.lagBytes()).isPresent();
    }

    @Test
    void bytes_stalledReplica_areTheBytesThatShouldBeConfirmed() {
        for (int tick = 0; tick <= 20; tick++) {
            add(tick, tick * 1_000.0, /* confirmed= */ 0, /* factorSeconds= */ 0);
        }

        // The writes of the last six ticks, 1.5 s, need not be confirmed yet.
        assertThat(lag.lagBytes()).hasValue(14_000);
    }

    @Test
    void bytes_singleReading_areNotKnown() {
        add(/* tick= */ 0, /* written= */ 500, /* confirmed= */ 0, /* factorSeconds= */ 0);

        assertThat(lag.lagBytes()).isEmpty();
        assertThat(lag.sustainableFactor()).isEmpty();
    }

    @Test
    void sustainableFactor_replicaConfirmsHalf_isHalfOfTheSweepsFactor() {
        for (int tick = 0; tick <= 40; tick++) {
            // At every fourth tick, the replica confirms half of what was written. The sweep has the factor 0.8.
            add(tick, tick * 1_000.0, lastFullSecond(tick) * 500.0, tick * 0.25 * 0.8);
        }

        assertThat(sustainableFactor()).isCloseTo(0.4, CLOSE);
    }

    @Test
    void sustainableFactor_replicaStalls_fallsTowardsZero() {
        double factorBeforeStall = 1;
        for (int tick = 0; tick <= 44; tick++) {
            // The replica confirms nothing after tick 20.
            add(tick, tick * 1_000.0, lastFullSecond(Math.min(tick, 20)) * 1_000.0, tick * 0.25);
            if (tick == 20) {
                factorBeforeStall = sustainableFactor();
            }
        }

        assertThat(factorBeforeStall).isCloseTo(1, CLOSE);
        assertThat(sustainableFactor()).isLessThan(0.35);
    }

    @Test
    void sustainableFactor_nothingWritten_isNotKnown() {
        for (int tick = 0; tick <= 40; tick++) {
            add(tick, /* written= */ 9_000, tick * 100.0, tick * 0.25);
        }

        assertThat(lag.sustainableFactor()).isEmpty();
    }

    /** Returns the last tick at or before a tick at which the replica confirms; there are four ticks in a second. */
    private static int lastFullSecond(int tick) {
        return tick - tick % 4;
    }

    private double sustainableFactor() {
        OptionalDouble factor = lag.sustainableFactor();
        return factor.orElseThrow();
    }

    /**
     * Adds a reading.
     *
     * @param tick the time, in quarters of a second
     * @param written the bytes that the primary has written so far
     * @param confirmed the bytes that the replica has confirmed so far
     * @param factorSeconds the sum of factor × seconds so far, where the factor is the throttle factor of the sweep
     */
    private void add(int tick, double written, double confirmed, double factorSeconds) {
        lag.add(Duration.ofMillis(250L * tick).toNanos(), written, confirmed, factorSeconds);
    }
}
