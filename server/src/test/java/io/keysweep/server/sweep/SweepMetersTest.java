package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.topology.SlotSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests that the metrics of sweeps count each key once. */
class SweepMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SweepMeters meters =
            new SweepMeters(registry, new StepTimeMeters(new PrometheusRegistry()), new HoldMeters(registry));

    @Test
    void reclaimed_ofAnEstimateThatFallsAndRisesAgain_isCountedOnce() {
        SweepRecord sweep = SweepRecord.waiting(UUID.randomUUID(), /* round= */ 1, "127.0.0.1:6379", SlotSet.ALL);
        try (SweepMeters.RunListener run = meters.newRunListener(sweep, event -> {})) {
            run.onEvent(progressed(/* visited= */ 1_000, /* reclaimed= */ 100));
            run.onEvent(progressed(/* visited= */ 2_000, /* reclaimed= */ 80));
            run.onEvent(progressed(/* visited= */ 3_000, /* reclaimed= */ 110));
        }

        assertThat(registry.get("keysweep.keys.reclaimed").counter().count()).isEqualTo(110);
        assertThat(registry.get("keysweep.keys.visited").counter().count()).isEqualTo(3_000);
    }

    /** Returns an event that reports these counts. */
    private static SweepEvent progressed(long visited, long reclaimed) {
        return new SweepEvent.Progressed(new SweepProgress(
                visited,
                reclaimed,
                /* fraction= */ 0.5,
                /* count= */ 10,
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                /* remaining= */ null,
                /* share= */ 0.25,
                /* slowedBy= */ null,
                StepTimes.NONE,
                /* callersWait= */ null));
    }
}
