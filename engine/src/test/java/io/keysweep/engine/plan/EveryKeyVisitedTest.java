package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests with many random hash tables that the walk of a sweep through a database visits every key, also while the
 * tables are resized and after restarts.
 */
final class EveryKeyVisitedTest {

    private static final int CASES_PER_SEED = 150;

    /** The number of cases with a table for each slot, which take longer than cases with one table. */
    private static final int SLOT_CASES_PER_SEED = 50;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void walk_constantTable_visitsEveryKey(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CASES_PER_SEED; i++) {
            assertEveryKeyVisited(random, prefixes(random), /* resizing= */ false);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void walk_resizedTable_visitsEveryKeyOfTheStart(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CASES_PER_SEED; i++) {
            assertEveryKeyVisited(random, prefixes(random), /* resizing= */ true);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void walk_constantSlotTables_visitsEveryKey(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < SLOT_CASES_PER_SEED; i++) {
            assertEveryKeyVisited(random, slotRuns(random), /* resizing= */ false);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void walk_resizedSlotTables_visitsEveryKeyOfTheStart(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < SLOT_CASES_PER_SEED; i++) {
            assertEveryKeyVisited(random, slotRuns(random), /* resizing= */ true);
        }
    }

    /** Describes keys, and how the walk divides them. */
    private record Case(Scanned keys, Segmentation segmentation) {}

    /** Returns one table of any size, divided by the low bits of the cursor. */
    private static Case prefixes(Random random) {
        return new Case(new SimulatedTable(random.nextInt(11)), new Prefixes(random.nextInt(9)));
    }

    /** Returns any number of slots, divided into ranges of slots. */
    private static Case slotRuns(Random random) {
        int slots = 1 << random.nextInt(15);
        return new Case(new SimulatedSlots(random.nextInt(16_385 - slots), slots), new SlotRuns(random.nextInt(9)));
    }

    /**
     * Walks to the end, and asserts that every key that the tables held at the start was visited. Now and then the walk
     * continues from its position, as after a restart.
     */
    private static void assertEveryKeyVisited(Random random, Case testCase, boolean resizing) {
        // The tables hold up to 599 keys at the start.
        Scanned table = testCase.keys;
        Set<Long> unvisitedKeys = new HashSet<>();
        int keys = random.nextInt(600);
        for (int i = 0; i < keys; i++) {
            long hash = random.nextLong();
            if (unvisitedKeys.add(hash)) {
                table.add(hash);
            }
        }

        DatabaseWalk walk = DatabaseWalk.from(
                new DatabasePosition(
                        /* db= */ 0,
                        testCase.segmentation,
                        random.nextLong(),
                        /* segmentsDone= */ 0,
                        /* cursor= */ null),
                keys);
        int maxOpen = 1 + random.nextInt(4);
        Deque<OpenSegment> openSegments = new ArrayDeque<>();
        double fraction = 0;
        while (!walk.complete()) {
            if (resizing) {
                table.change(random);
                table.add(random.nextLong());
            }
            if (random.nextInt(10) == 0) {
                walk = DatabaseWalk.from(walk.position(), keys);
                openSegments.clear();
                fraction = 0;
            }
            for (OpenSegment openSegment = walk.takeSegment(maxOpen);
                    openSegment != null;
                    openSegment = walk.takeSegment(maxOpen)) {
                openSegments.addLast(openSegment);
            }

            OpenSegment firstSegment = openSegments.removeFirst();
            firstSegment.advance(
                    table.scan(firstSegment.cursor(), 1 + random.nextInt(50), unvisitedKeys::remove),
                    /* count= */ 10,
                    /* stepVisited= */ 1,
                    /* stepReclaimed= */ 0);
            assertThat(walk.fraction()).isBetween(fraction, 1.0);
            // If the table changes, the fraction of a walk may fall. Only the reported fraction of a sweep never falls.
            fraction = resizing ? 0 : walk.fraction();
        }

        assertThat(unvisitedKeys).isEmpty();
        assertThat(walk.fraction()).isEqualTo(1);
    }
}
