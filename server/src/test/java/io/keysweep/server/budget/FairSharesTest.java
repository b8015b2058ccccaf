package io.keysweep.server.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FairSharesTest {

    private static final double ANY = Double.POSITIVE_INFINITY;

    @Test
    void parts_ofThoseWhoWantAnything_areEven() {
        assertThat(FairShares.of(9000, new double[] {ANY})).containsExactly(9000);
        assertThat(FairShares.of(9000, new double[] {ANY, ANY, ANY})).containsExactly(3000, 3000, 3000);
        assertThat(FairShares.of(9000, new double[0])).isEmpty();
    }

    @Test
    void whatOneLeaves_isDividedAmongTheOthers() {
        assertThat(FairShares.of(9000, new double[] {ANY, 1000, ANY})).containsExactly(4000, 1000, 4000);
        assertThat(FairShares.of(9000, new double[] {ANY, 1000, 3500})).containsExactly(4500, 1000, 3500);
        assertThat(FairShares.of(9000, new double[] {100, 200, 300})).containsExactly(100, 200, 300);
    }

    @RepeatedTest(50)
    void parts_giveAwayWhatIsWantedOrAllThereIs_andNobodyEnvies(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        double whole = 1 + random.nextInt(10_000);
        double[] wanted = random.doubles(1 + random.nextInt(20), 1, 2000).toArray();
        double[] parts = FairShares.of(whole, wanted);
        assertThat(Arrays.stream(parts).sum())
                .isCloseTo(Math.min(whole, Arrays.stream(wanted).sum()), within(1e-6));
        double most = Arrays.stream(parts).max().orElseThrow();
        for (int i = 0; i < parts.length; i++) {
            // Who has less than another has all that he wants.
            assertThat(parts[i]).isLessThanOrEqualTo(wanted[i]);
            assertThat(parts[i] > most - 1e-6 || parts[i] > wanted[i] - 1e-6).isTrue();
        }
    }
}
