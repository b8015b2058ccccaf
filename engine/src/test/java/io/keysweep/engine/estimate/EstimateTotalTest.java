package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the sum of the estimates of several primaries, and its 95 % interval. */
final class EstimateTotalTest {

    /**
     * The interval of the sum contains 0. Samples of primaries without dead keys are wrong by chance: about half of
     * them show some dead keys. None can show fewer than 0, so the errors do not cancel each other out.
     */
    @Test
    void of_primariesWithoutDeadKeys_hasAnIntervalThatContainsZero() {
        // Each estimate has the number of dead keys, and the ends of its interval.
        List<Estimate> estimates = List.of(
                estimate(0, 0, 3_000),
                estimate(1_500, 0, 5_500),
                estimate(0, 0, 3_500),
                estimate(2_500, 0, 6_500),
                estimate(0, 0, 2_000),
                estimate(1_000, 0, 5_000),
                estimate(500, 0, 4_500),
                estimate(0, 0, 4_000));

        EstimateTotal total = EstimateTotal.of(estimates);

        assertThat(total.dead()).isEqualTo(5_500);
        assertThat(total.lowest()).isZero();
    }

    @Test
    void of_intervalsAboveZero_addsTheSquaresOfTheErrors() {
        // Four equal estimates have together twice the error of one.
        Estimate estimate = estimate(/* dead= */ 400_000, /* lowest= */ 390_000, /* highest= */ 405_000);
        EstimateTotal total = EstimateTotal.of(Collections.nCopies(4, estimate));

        assertThat(total.dead()).isEqualTo(1_600_000);
        assertThat(total.lowest()).isEqualTo(1_580_000);
        assertThat(total.highest()).isEqualTo(1_610_000);
    }

    /** Returns an estimate of dead keys with the ends of its interval. */
    private static Estimate estimate(long dead, long lowest, long highest) {
        return new Estimate(
                "h:6379",
                "r:6380",
                Estimate.Method.REPLICA_SAMPLE,
                Flavour.REDIS,
                "7.0.15",
                /* keys= */ 1_000_000,
                /* volatileKeys= */ 500_000,
                dead,
                lowest,
                highest,
                /* exact= */ false,
                /* sampledKeys= */ 50_000,
                /* calls= */ 100,
                /* reclaimed= */ 0,
                /* expirableHashes= */ 0,
                /* deadBytes= */ null,
                SweepCost.of(1_000_000, Flavour.REDIS, "7.0.15"),
                /* insight= */ null,
                /* advice= */ null);
    }
}
