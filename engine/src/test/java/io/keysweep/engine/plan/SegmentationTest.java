package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SegmentationTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "32767,0", "32768,1", "300000,4", "268435456,14", "9223372036854775807,14"})
    void bitsFor_keys_leavesThousandsInASegment(long keys, int bits) {
        assertThat(Segmentation.bitsFor(keys)).isEqualTo(bits);
    }
}
