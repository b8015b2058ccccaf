package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that a seed always gives the same random order of segments. */
final class SegmentOrderTest {

    @Test
    void order_anySeed_containsEverySegmentOnce() {
        for (long seed = 0; seed < 50; seed++) {
            SegmentOrder order = new SegmentOrder(/* segmentBits= */ 6, seed);
            assertThat(IntStream.range(0, 64).map(order::at).boxed()).doesNotHaveDuplicates();
        }
    }

    /**
     * The order must never change. A checkpoint contains only its seed, so a later release with another order would
     * resume the sweep and miss keys.
     */
    @Test
    void order_fixedSeed_neverChanges() {
        SegmentOrder order = new SegmentOrder(/* segmentBits= */ 3, /* seed= */ 42);
        assertThat(IntStream.range(0, 8).map(order::at)).containsExactly(2, 6, 3, 1, 4, 0, 7, 5);
    }
}
