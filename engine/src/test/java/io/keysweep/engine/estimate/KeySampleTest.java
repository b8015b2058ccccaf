package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.insight.KeyCount;
import org.junit.jupiter.api.Test;

/**
 * Tests the 95 % intervals for classes of keys that the sample has not met, or to which all of its keys belong.
 *
 * <p>A measured key is one whose type and size were read.
 */
final class KeySampleTest {

    private static final int CALLS = 100;
    private static final int KEYS_PER_CALL = 80;
    private static final int READ = CALLS * KEYS_PER_CALL;

    // The names of the size class and of the TTL class are their indexes.
    private static final PictureCell STRINGS = new PictureCell(PictureCell.Kind.TYPE, "string");
    private static final PictureCell LARGEST = new PictureCell(PictureCell.Kind.SIZE, "7");
    private static final PictureCell WITHOUT_TTL = new PictureCell(PictureCell.Kind.TTL, "9");

    /**
     * All keys were read, but type and size only of every eighth. A sample may have missed a class that has up to 3 of
     * 1,000 measured keys, which are 24 of all 8,000.
     */
    @Test
    void cells_allKeysReadButFewMeasured_leaveRoomForTypesAndSizesThatWereNotFound() {
        KeyCells cells = sampleOfStrings().cells(/* databaseSize= */ CALLS, /* covered= */ 1, /* allowance= */ 0);

        assertThat(cells.amount(PictureCell.LIVING).roundToKeys(READ)).isEqualTo(new KeyCount(READ, READ, READ));
        assertThat(cells.amount(PictureCell.VOLATILE).roundToKeys(READ)).isEqualTo(KeyCount.NONE);
        assertThat(cells.amount(LARGEST)).isEqualTo(new Amount(/* value= */ 0, /* halfWidth= */ 24));
        // An eighth of all keys was measured and is certain, so 21 of the 24 keys remain.
        assertThat(cells.amount(STRINGS).roundToKeys(READ)).isEqualTo(new KeyCount(READ, READ - 21, READ));
    }

    /**
     * A tenth of the keys was read, and none of them has a TTL. A sample may have missed a class that has up to 3 of
     * 8,000 read keys, which are 27 of the other 72,000.
     */
    @Test
    void cells_sampleWithKeysOfOneKindOnly_leaveRoomForTheOtherKinds() {
        KeyCells cells =
                sampleOfStrings().cells(/* databaseSize= */ 10.0 * CALLS, /* covered= */ 0.1, /* allowance= */ 0);

        assertThat(cells.amount(WITHOUT_TTL).value()).isCloseTo(80_000, within(1e-6));
        assertThat(cells.amount(WITHOUT_TTL).halfWidth()).isCloseTo(27, within(1e-6));

        // 3 of 8,000 read keys are 30 of all 80,000, and 3 of 1,000 measured keys are 240.
        assertThat(cells.amount(PictureCell.VOLATILE).halfWidth()).isCloseTo(30, within(1e-6));
        assertThat(cells.amount(LARGEST).halfWidth()).isCloseTo(240, within(1e-6));
    }

    @Test
    void cells_nothingMeasured_anyKeyMayBeOfAnyType() {
        KeySample sample = new KeySample();
        KeyTally tally = new KeyTally();
        tally.count(/* readKeys= */ 5, /* measuredKeys= */ 0, /* unreadKeys= */ 0);
        tally.add(PictureCell.LIVING, 5);
        sample.add(tally, /* groupSize= */ 1, /* scale= */ 1);

        KeyCells cells = sample.cells(/* databaseSize= */ 1, /* covered= */ 1, /* allowance= */ 0);

        assertThat(cells.amount(STRINGS)).isEqualTo(new Amount(/* value= */ 0, /* halfWidth= */ 5));
    }

    /** Returns a sample of strings without a TTL, of which every eighth was measured. */
    private static KeySample sampleOfStrings() {
        KeySample sample = new KeySample();
        for (int call = 0; call < CALLS; call++) {
            KeyTally tally = new KeyTally();
            tally.count(KEYS_PER_CALL, KEYS_PER_CALL / ReadingPlan.MEASURE_EVERY, /* unreadKeys= */ 0);
            tally.add(PictureCell.LIVING, KEYS_PER_CALL);
            tally.add(WITHOUT_TTL, KEYS_PER_CALL);
            tally.add(STRINGS, (double) KEYS_PER_CALL / ReadingPlan.MEASURE_EVERY);
            sample.add(tally, /* groupSize= */ 1, /* scale= */ 1);
        }
        return sample;
    }
}
