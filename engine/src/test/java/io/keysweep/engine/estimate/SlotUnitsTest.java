package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.estimate.SlotUnits.Unit;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests how the slots of a node are divided into units of a few hundred keys. */
final class SlotUnitsTest {

    private static final int SLOTS = 16_384;

    @Test
    void at_keysOfAllSlots_isInUnitsThatFollowEachOtherWithoutGaps() {
        Random random = new Random(1);
        for (int trial = 0; trial < 30; trial++) {
            long[] keys = new long[SLOTS];
            for (int i = 0; i < 200; i++) {
                keys[random.nextInt(SLOTS)] = random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(60);
            }
            SlotUnits units = new SlotUnits(keys);
            double reached = 0;
            while (reached < units.keys()) {
                long number = (long) Math.ceil(reached);
                Unit unit = units.unitAt(number);
                assertThat(units.place(unit.cursor())).isEqualTo(reached);
                assertThat(unit.end()).isGreaterThan(reached);
                assertThat(unit.end() - reached).isLessThan(3.0 * SlotUnits.UNIT_KEYS);
                assertThat(units.unitAt((long) Math.ceil(unit.end()) - 1))
                        .as("the unit to which the last key of this unit belongs")
                        .isEqualTo(unit);
                reached = unit.end();
            }

            assertThat(reached).isEqualTo((double) units.keys());
        }
    }
}
