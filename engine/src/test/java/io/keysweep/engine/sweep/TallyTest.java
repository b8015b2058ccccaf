package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.Footing;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TallyTest {

    private final Tally tally = new Tally(null, OptionalLong.of(1_000));

    @Test
    void settle_nothingElseExpires_takesTheWholeGrowth() {
        add(0, 50, 10);
        tally.settle(0, tally.expiredKeys(), OptionalLong.of(1_017), 100, /* quiet= */ true);

        assertThat(tally.reclaimed()).isEqualTo(17);
        assertThat(tally.visited()).isEqualTo(57);
        assertThat(tally.exact()).isTrue();
        assertThat(tally.databases()).containsExactly(new DatabaseCount(0, 57, 17));
    }

    @Test
    void settle_growthOverWhatAStepCanDo_isBoundedAndNotExact() {
        tally.settle(0, 1_000, OptionalLong.of(9_000), 100, /* quiet= */ true);
        assertThat(tally.reclaimed()).isEqualTo(100);
        assertThat(tally.exact()).isFalse();
    }

    @Test
    void settle_noStepUnderWay_givesGrowthToOthersAndStaysExact() {
        tally.settle(0, 1_000, OptionalLong.of(1_005), Doubt.ofSteps(List.of()), /* quiet= */ true);
        assertThat(tally.reclaimed()).isZero();
        assertThat(tally.otherExpirySeen()).isTrue();
        assertThat(tally.exact()).isTrue();
    }

    @Test
    void settle_statisticsWereReset_cannotBeExact() {
        tally.settle(0, 1_000, OptionalLong.of(3), 100, /* quiet= */ true);
        assertThat(tally.reclaimed()).isZero();
        assertThat(tally.exact()).isFalse();
    }

    @Test
    void settle_serverCountsNothing_cannotBeExact() {
        tally.settle(0, 1_000, OptionalLong.empty(), 100, /* quiet= */ true);
        assertThat(tally.exact()).isFalse();
    }

    @Test
    void compare_otherExpirySeenAfterSettling_takesExactBack() {
        tally.settle(null, 990, OptionalLong.of(1_000), Long.MAX_VALUE, /* quiet= */ true);
        assertThat(tally.exact()).isTrue();
        add(0, 5, 5);
        tally.compare(OptionalLong.of(1_006));
        assertThat(tally.exact()).isFalse();
    }

    @Test
    void expiredKeys_betweenReadings_followsTheCountedSteps() {
        add(0, 10, 4);
        add(3, 10, 2);
        assertThat(tally.expiredKeys()).isEqualTo(1_006);
        tally.compare(OptionalLong.of(1_006));
        assertThat(tally.expiredKeys()).isEqualTo(1_006);
        assertThat(tally.otherExpirySeen()).isFalse();
    }

    @Test
    void doubt_sinceCheckpoint_isBoundedByTheDensitySeen() {
        Checkpoint sparse = new Checkpoint(
                "n", new Footing("r", null, 0), 1_000_000, 999, true, true, true, 0, SlotSet.ALL, null, 0, List.of());
        assertThat(Doubt.since(sparse, Duration.ofMillis(249))).isBetween(700L, 800L);
    }

    private void add(int db, long visited, long reclaimed) {
        tally.add(db, new StepOutcome(0, visited, reclaimed, null), Duration.ZERO);
    }
}
