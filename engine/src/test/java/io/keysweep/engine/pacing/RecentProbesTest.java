package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests which of the latest latency probes a sweep takes for the latency of the server. */
final class RecentProbesTest {

    private final RecentProbes probes = new RecentProbes();

    @Test
    void secondLongest_oneLateReply_isNotTheLateOne() {
        addMillis(2, 900, 3);

        assertThat(probes.areEnough()).isTrue();
        assertThat(probes.secondLongest()).isEqualTo(Duration.ofMillis(3));
        assertThat(probes.shortest()).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void add_sixthProbe_dropsTheFirstProbe() {
        addMillis(900, 800, 1, 1, 1, 1);

        // The probe of 800 ms is the longest of the last five.
        assertThat(probes.secondLongest()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void areEnough_onlyTwoProbesOrNoneSinceTheClear_isFalse() {
        addMillis(1, 1);
        assertThat(probes.areEnough()).isFalse();

        addMillis(1);
        probes.clear();

        assertThat(probes.areEnough()).isFalse();
    }

    /** Adds probes with these round-trip times, in the order of their replies. */
    private void addMillis(long... millis) {
        for (long roundTrip : millis) {
            probes.add(Duration.ofMillis(roundTrip));
        }
    }
}
