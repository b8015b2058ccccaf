package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that a seed always gives the same random order of segments. */
final class SegmentOrderTest {

    @Test
    void order_anySeed_containsEverySegmentOnce() {
        for (long seed = 0; seed < 50; seed++) {
            SegmentOrder order = new SegmentOrder(6, seed);
            assertThat(IntStream.range(0, 64).map(order::at).boxed()).doesNotHaveDuplicates();
        }
    }

    /**
     * Guards the order itself: a checkpoint holds only the seed, so sweeps resumed by a release with another order
     * would miss keys.
     */
    @Test
    void order_fixedSeed_neverChanges() {
        SegmentOrder order = new SegmentOrder(3, 42);
        assertThat(IntStream.range(0, 8).map(order::at)).containsExactly(2, 6, 3, 1, 4, 0, 7, 5);
    }
}
