package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how cursors are mapped to segments. */
final class SegmentationTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "32767,0", "32768,1", "300000,4", "268435456,14", "9223372036854775807,14"})
    void of_anyNumberOfKeys_keepsThousandsPerSegment(long keys, int bits) {
        // The number of bits is the exponent of the number of segments. For example, 300,000 keys get 2^4 segments,
        // because each segment should hold at least 16,384 keys.
        assertThat(Segmentation.of(LowBits.HASH, keys, /* isFar= */ false)).isEqualTo(new Prefixes(bits));
        assertThat(Segmentation.of(LowBits.SLOT, keys, /* isFar= */ false)).isEqualTo(new SlotRuns(bits));
        assertThat(Segmentation.of(LowBits.UNKNOWN, keys, /* isFar= */ false)).isEqualTo(new Sequential());
    }

    @Test
    void leaves_slotRun_isTrueForASlotBeyondIt() {
        // The second quarter has the slots 4096 to 8191. A cursor has the slot in its lowest 14 bits, and the position
        // in the table of the slot above them.
        SlotRuns quarters = new SlotRuns(2);
        long cursorInFirstSlot = 4096 | 5L << 14;
        long cursorInLastSlot = 8191 | ~0L << 14;
        assertThat(quarters.start(1)).isEqualTo(4096);
        assertThat(quarters.leaves(1, cursorInFirstSlot)).isFalse();
        assertThat(quarters.leaves(1, cursorInLastSlot)).isFalse();
        assertThat(quarters.leaves(1, 8192)).isTrue();

        // Cursor 0 is the end of the scan, and covers every segment.
        assertThat(quarters.leaves(1, 0)).isTrue();
        assertThat(quarters.leaves(3, 16_383)).isFalse();
    }

    @Test
    void leaves_prefix_isTrueForOtherLowBits() {
        // Segment 5 is binary 101. The number -3 has these lowest bits.
        Prefixes eighths = new Prefixes(3);
        assertThat(eighths.leaves(5, 0b1101)).isFalse();
        assertThat(eighths.leaves(5, -3L)).isFalse();
        assertThat(eighths.leaves(5, 0b1011)).isTrue();

        // Cursor 0 is the end of the scan, and covers even segment 0.
        assertThat(eighths.leaves(0, 0)).isTrue();
    }

    @Test
    void leaves_sequential_isTrueOnlyAtTheEnd() {
        assertThat(new Sequential().leaves(0, -1)).isFalse();
        assertThat(new Sequential().leaves(0, 0)).isTrue();
    }

    @Test
    void partBefore_slotRun_growsWithSlotAndPosition() {
        // The second quarter begins at slot 4096, and slot 6144 is in its middle.
        SlotRuns quarters = new SlotRuns(2);
        assertThat(quarters.partBefore(4096)).isZero();
        assertThat(quarters.partBefore(6144)).isEqualTo(0.5);
        assertThat(quarters.partBefore(6144 | 1L << 14)).isCloseTo(0.5 + 0.5 / 4096, within(1e-9));
        assertThat(quarters.partBefore(ScanCursor.endOfSlot(8191))).isLessThan(1);
    }

    @Test
    void new_bitsOutOfRange_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SlotRuns(15)).withMessageContaining("bits is 15");
        assertThatIllegalArgumentException().isThrownBy(() -> new Prefixes(-1)).withMessageContaining("bits is -1");
    }
}
