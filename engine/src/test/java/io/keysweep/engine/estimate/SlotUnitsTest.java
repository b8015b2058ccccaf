package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.estimate.SlotUnits.Unit;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tests how the slots of a node are divided into units, groups of a few hundred keys that an estimate reads together.
 *
 * <p>Keys are numbered through all slots, in the order of a scan. The place of a cursor is the number of keys before
 * it.
 */
final class SlotUnitsTest {

    private static final int SLOTS = 16_384;

    @Test
    void units_ofAllKeys_followEachOtherWithoutGapOrOverlap() {
        Random random = new Random(1);
        for (int trial = 0; trial < 30; trial++) {
            // Most slots are empty, some have a few keys, and a few have more keys than a unit.
            long[] keys = new long[SLOTS];
            for (int i = 0; i < 200; i++) {
                keys[random.nextInt(SLOTS)] = random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(60);
            }
            SlotUnits units = new SlotUnits(keys);

            double endOfLastUnit = 0;
            while (endOfLastUnit < units.keys()) {
                // The end of a unit is a fraction if it lies within a slot, where the place is interpolated.
                long keyNumber = (long) Math.ceil(endOfLastUnit);
                Unit unit = units.unitAt(keyNumber);
                assertThat(units.place(unit.cursor())).isEqualTo(endOfLastUnit);
                assertThat(unit.end()).isGreaterThan(endOfLastUnit);
                assertThat(unit.end() - endOfLastUnit).isLessThan(3.0 * SlotUnits.UNIT_KEYS);
                assertThat(units.unitAt((long) Math.ceil(unit.end()) - 1))
                        .as("the unit to which the last key of this unit belongs")
                        .isEqualTo(unit);
                endOfLastUnit = unit.end();
            }

            assertThat(endOfLastUnit).isEqualTo((double) units.keys());
        }
    }
}
