package io.keysweep.server.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Tests that an amount is divided evenly, and that no participant gets more than it wants. */
class FairSharesTest {

    private static final double ANY = Double.POSITIVE_INFINITY;

    @Test
    void parts_withoutLimits_areEven() {
        assertThat(FairShares.divide(9_000, new double[] {ANY})).containsExactly(9_000);
        assertThat(FairShares.divide(9_000, new double[] {ANY, ANY, ANY})).containsExactly(3_000, 3_000, 3_000);
        assertThat(FairShares.divide(9_000, new double[0])).isEmpty();
    }

    @Test
    void amount_thatAParticipantDoesNotWant_isDividedAmongTheOthers() {
        assertThat(FairShares.divide(9_000, new double[] {ANY, 1_000, ANY})).containsExactly(4_000, 1_000, 4_000);
        assertThat(FairShares.divide(9_000, new double[] {ANY, 1_000, 3_500})).containsExactly(4_500, 1_000, 3_500);
        assertThat(FairShares.divide(9_000, new double[] {100, 200, 300})).containsExactly(100, 200, 300);
    }

    @RepeatedTest(50)
    void parts_ofRandomDemands_areFairAndSumUpToTheDemandOrTheAmount(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        double amount = 1 + random.nextInt(10_000);
        double[] wanted = random.doubles(1 + random.nextInt(20), 1, 2_000).toArray();
        double[] parts = FairShares.divide(amount, wanted);

        assertThat(Arrays.stream(parts).sum())
                .isCloseTo(Math.min(amount, Arrays.stream(wanted).sum()), within(1e-6));

        double largest = Arrays.stream(parts).max().orElseThrow();
        for (int i = 0; i < parts.length; i++) {
            // A participant with less than the largest part has everything that it wants.
            assertThat(parts[i]).isLessThanOrEqualTo(wanted[i]);
            assertThat(parts[i] > largest - 1e-6 || parts[i] > wanted[i] - 1e-6).isTrue();
        }
    }
}
