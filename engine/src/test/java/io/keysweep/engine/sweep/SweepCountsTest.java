package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class SweepCountsTest {

    private final SweepCounts counts = new SweepCounts(null, OptionalLong.of(1_000));

    @Test
    void settle_noOtherExpiry_countsTheWholeGrowth() {
        add(0, 50, 10);
        counts.settleUncertainSteps(0, counts.expectedServerCounter(), OptionalLong.of(1_017), 100, /* quiet= */ true);

        assertThat(counts.reclaimed()).isEqualTo(17);
        assertThat(counts.visited()).isEqualTo(57);
        assertThat(counts.exact()).isTrue();
        assertThat(counts.databases()).containsExactly(new DatabaseCount(0, 57, 17));
    }

    @Test
    void settle_growthAboveBound_isBoundedAndNotExact() {
        counts.settleUncertainSteps(0, 1_000, OptionalLong.of(9_000), 100, /* quiet= */ true);
        assertThat(counts.reclaimed()).isEqualTo(100);
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void settle_noStepInFlight_attributesGrowthToOthersAndStaysExact() {
        counts.settleUncertainSteps(
                0, 1_000, OptionalLong.of(1_005), UncertainSteps.maxReclaimedBy(List.of()), /* quiet= */ true);
        assertThat(counts.reclaimed()).isZero();
        assertThat(counts.otherExpirySeen()).isTrue();
        assertThat(counts.exact()).isTrue();
    }

    @Test
    void settle_statisticsReset_isNotExact() {
        counts.settleUncertainSteps(0, 1_000, OptionalLong.of(3), 100, /* quiet= */ true);
        assertThat(counts.reclaimed()).isZero();
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void settle_counterNotReported_isNotExact() {
        counts.settleUncertainSteps(0, 1_000, OptionalLong.empty(), 100, /* quiet= */ true);
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void compareWithServer_otherExpirySeenAfterSettling_isNoLongerExact() {
        counts.settleUncertainSteps(null, 990, OptionalLong.of(1_000), Long.MAX_VALUE, /* quiet= */ true);
        assertThat(counts.exact()).isTrue();
        add(0, 5, 5);
        counts.compareWithServer(OptionalLong.of(1_006));
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void expectedServerCounter_betweenReadings_followsCountedSteps() {
        add(0, 10, 4);
        add(3, 10, 2);
        assertThat(counts.expectedServerCounter()).isEqualTo(1_006);
        counts.compareWithServer(OptionalLong.of(1_006));
        assertThat(counts.expectedServerCounter()).isEqualTo(1_006);
        assertThat(counts.otherExpirySeen()).isFalse();
    }

    @Test
    void maxReclaimedSince_checkpoint_isBoundedByShareOfDeadKeys() {
        Checkpoint sparse = new Checkpoint(
                "n",
                new ReplicationIdentity("r", null, 0),
                1_000_000,
                999,
                true,
                true,
                true,
                0,
                SlotSet.ALL,
                null,
                0,
                List.of());
        assertThat(UncertainSteps.maxReclaimedSince(sparse, Duration.ofMillis(249)))
                .isBetween(700L, 800L);
    }

    private void add(int db, long visited, long reclaimed) {
        counts.addStep(db, new StepOutcome(0, visited, reclaimed, null), Duration.ZERO);
    }
}
