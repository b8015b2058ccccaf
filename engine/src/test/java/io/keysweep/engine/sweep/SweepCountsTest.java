package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.sweep.SweepCounts.Settlement;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests how uncertain steps, whose replies were lost, are settled: the server's counter of expired keys shows how many
 * keys they have reclaimed.
 */
final class SweepCountsTest {

    /** The counts of a run at whose start the server's counter of expired keys was 1,000. */
    private final SweepCounts counts = new SweepCounts(/* checkpoint= */ null, reading(1_000));

    @Test
    void settle_noOtherClientExpiresKeys_countsTheWholeGrowth() {
        addStep(/* db= */ 0, /* visited= */ 50, /* reclaimed= */ 10);
        // The counter was expected at 1,010, so the uncertain steps have reclaimed 7 keys.
        settle(/* db= */ 0, counts.expectedServerCounter(), /* now= */ 1_017, settlement(/* likely= */ 3));

        assertThat(counts.reclaimed()).isEqualTo(17);
        assertThat(counts.visited()).isEqualTo(57);
        assertThat(counts.exact()).isTrue();
        assertThat(counts.databases()).containsExactly(new DatabaseCount(0, 57, 17));
    }

    @Test
    void settle_othersMayHaveExpired_countsWhatIsLikelyAndIsNotExact() {
        settle(
                /* db= */ 0,
                /* before= */ 1_000,
                /* now= */ 1_017,
                new Settlement(/* atMost= */ 100, /* likely= */ 3, /* othersUnseen= */ false, /* stepsEnded= */ true));
        assertThat(counts.reclaimed()).isEqualTo(3);
        assertThat(counts.otherExpirySeen()).isFalse();
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void settle_growthAboveBound_countsWhatIsLikelyAndIsNotExact() {
        settle(/* db= */ 0, /* before= */ 1_000, /* now= */ 9_000, settlement(/* likely= */ 40));
        assertThat(counts.reclaimed()).isEqualTo(40);
        assertThat(counts.otherExpirySeen()).isTrue();
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void settle_noStepInFlight_attributesGrowthToOthersAndStaysExact() {
        settle(
                /* db= */ 0,
                /* before= */ 1_000,
                /* now= */ 1_005,
                new Settlement(
                        UncertainSteps.maxReclaimedBy(List.of()),
                        /* likely= */ 0,
                        /* othersUnseen= */ true,
                        /* stepsEnded= */ true));

        assertThat(counts.reclaimed()).isZero();
        assertThat(counts.otherExpirySeen()).isTrue();
        assertThat(counts.exact()).isTrue();
    }

    /** A user may get the permission for scripts during a sweep, and the next session uses them. */
    @Test
    void addStep_notAtomic_isAnEstimateWhateverFollows() {
        counts.addStep(
                /* db= */ 0,
                new StepOutcome(/* cursor= */ 0, /* visited= */ 50, /* reclaimed= */ 10, /* busy= */ null),
                Duration.ZERO,
                /* atomic= */ false);
        addStep(/* db= */ 0, /* visited= */ 50, /* reclaimed= */ 10);

        assertThat(counts.reclaimed()).isEqualTo(20);
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void recordReturnedKeys_afterReclaimedKeys_isNotExact() {
        counts.recordReturnedKeys();
        assertThat(counts.exact()).isTrue();

        addStep(/* db= */ 0, /* visited= */ 50, /* reclaimed= */ 10);
        counts.recordReturnedKeys();

        assertThat(counts.exact()).isFalse();
    }

    @Test
    void settle_statisticsReset_isNotExact() {
        settle(/* db= */ 0, /* before= */ 1_000, /* now= */ 3, settlement(/* likely= */ 3));
        assertThat(counts.reclaimed()).isZero();
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void settle_counterNotReported_isNotExact() {
        counts.settleUncertainSteps(0, 1_000, new ExpiryReading(OptionalLong.empty(), ""), settlement(/* likely= */ 3));
        assertThat(counts.exact()).isFalse();
    }

    @Test
    void compareWithServer_otherExpirySeenAfterSettling_isNoLongerExact() {
        settle(/* db= */ null, /* before= */ 990, /* now= */ 1_000, settlement(/* likely= */ 3));
        assertThat(counts.exact()).isTrue();

        addStep(/* db= */ 0, /* visited= */ 5, /* reclaimed= */ 5);
        counts.compareWithServer(reading(1_006));

        assertThat(counts.exact()).isFalse();
    }

    /** Keys that late steps reclaim are counted. Steps that could not be ended may run late, and at different times. */
    @Test
    void compareWithServer_stepsNotEnded_countsGrowthUpToWhatTheyCanReclaim() {
        settle(
                /* db= */ null,
                /* before= */ 1_000,
                /* now= */ 1_000,
                new Settlement(/* atMost= */ 100, /* likely= */ 3, /* othersUnseen= */ true, /* stepsEnded= */ false));
        assertThat(counts.exact()).isTrue();

        // Five keys are counted, but the counter has grown by more. Late steps may have reclaimed the rest.
        addStep(/* db= */ 0, /* visited= */ 5, /* reclaimed= */ 5);
        counts.compareWithServer(reading(1_025));
        assertThat(counts.exact()).isFalse();

        counts.compareWithServer(reading(1_055));
        assertThat(counts.reclaimed()).isEqualTo(55);
        assertThat(counts.otherExpirySeen()).isFalse();

        // The late steps can reclaim 100 keys. So of the growth of 115, only 105 are counted as reclaimed.
        counts.compareWithServer(reading(1_115));
        assertThat(counts.reclaimed()).isEqualTo(105);
        assertThat(counts.otherExpirySeen()).isTrue();

        counts.compareWithServer(reading(1_120));
        assertThat(counts.reclaimed()).isEqualTo(105);
    }

    @Test
    void expectedServerCounter_betweenReadings_followsCountedSteps() {
        addStep(/* db= */ 0, /* visited= */ 10, /* reclaimed= */ 4);
        addStep(/* db= */ 3, /* visited= */ 10, /* reclaimed= */ 2);

        assertThat(counts.expectedServerCounter()).isEqualTo(1_006);

        counts.compareWithServer(reading(1_006));
        assertThat(counts.expectedServerCounter()).isEqualTo(1_006);
        assertThat(counts.otherExpirySeen()).isFalse();
    }

    @Test
    void maxReclaimedAfter_pace_isBoundedByBothCeilings() {
        // The first part is the number of keys in the interval, by the rate or by the share of the server's time. The
        // second part is two more steps. A step visits at most twice its COUNT, and 100 keys more.
        Duration interval = Duration.ofMillis(250);
        PacePolicy rate = PacePolicy.GENTLE.withRateCeiling(12_000);
        assertThat(UncertainSteps.maxReclaimedAfter(rate, /* stepsInFlight= */ 1, /* maxCount= */ 1_200, interval))
                .isEqualTo(3_000 + 2 * 2_500);

        PacePolicy share = new PacePolicy(Duration.ofMillis(1), 0.01, OptionalLong.empty());
        assertThat(UncertainSteps.maxReclaimedAfter(share, /* stepsInFlight= */ 1, /* maxCount= */ 5_000, interval))
                .isEqualTo(7_500 + 2 * 10_100);
    }

    /** Returns the facts of steps that have ended and reclaimed at most 100 keys, while nobody else expired any. */
    private static Settlement settlement(long likely) {
        return new Settlement(/* atMost= */ 100, likely, /* othersUnseen= */ true, /* stepsEnded= */ true);
    }

    /** Settles uncertain steps, during which the server's counter has grown from {@code before} to {@code now}. */
    private void settle(@Nullable Integer db, long before, long now, Settlement settlement) {
        counts.settleUncertainSteps(db, before, reading(now), settlement);
    }

    /** Returns a reading of the server's counter of expired keys. */
    private static ExpiryReading reading(long counter) {
        return new ExpiryReading(OptionalLong.of(counter), "");
    }

    /** Counts a step whose reply has arrived. */
    private void addStep(int db, long visited, long reclaimed) {
        counts.addStep(
                db,
                new StepOutcome(/* cursor= */ 0, visited, reclaimed, /* busy= */ null),
                Duration.ZERO,
                /* atomic= */ true);
    }
}
