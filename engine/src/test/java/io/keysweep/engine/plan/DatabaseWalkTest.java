package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseWalkTest {

    private static final int CASES_PER_SEED = 150;
    /** Fewer than {@link #CASES_PER_SEED}, because each takes longer. */
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

    @Test
    void limitCount_unevenSegment_estimatesFromTheKeysVisitedInIt() {
        DatabaseWalk walk = DatabaseWalk.from(new DatabasePosition(0, new SlotRuns(2), 1, 0, null), 4_000);
        OpenSegment openSegment = next(walk);
        assertThat(openSegment.limitCount(5_000)).isEqualTo(100);
        openSegment.advance(openSegment.cursor() + 2048, 10, 30_000, 0);
        assertThat(openSegment.limitCount(5_000)).isEqualTo(5_000);
        openSegment.advance(openSegment.cursor() + 2048 - 64, 10, 30_000, 0);
        assertThat(openSegment.limitCount(5_000)).isBetween(900, 1_100);
    }

    @Test
    void fraction_unevenSegments_followsKeysVisitedSinceTheResume() {
        DatabaseWalk walk = DatabaseWalk.from(new DatabasePosition(0, new SlotRuns(1), 1, 1, null), 100);
        assertThat(walk.fraction()).isEqualTo(0.5);
        OpenSegment openSegment = next(walk);
        openSegment.advance(openSegment.cursor() + 1, 10, 25, 0);
        assertThat(walk.fraction()).isEqualTo(0.75);
        next(walk).advance(0, 10, 1, 0);
        assertThat(walk.fraction()).isEqualTo(1);
    }

    @Test
    void limitCount_nearEndOfSegment_isSlightlyMoreThanTheKeysLeft() {
        DatabaseWalk walk = DatabaseWalk.from(new DatabasePosition(0, new Prefixes(4), 1, 0, null), 16 * 5_000);
        OpenSegment openSegment = next(walk);
        openSegment.advance(openSegment.cursor() | 0b11L << 4, 10, 1, 0);

        assertThat(openSegment.limitCount(5_000)).isBetween(1_250, 1_400);
        assertThat(openSegment.limitCount(100)).isEqualTo(100);
    }

    @Test
    void fraction_withinSegment_followsReversedBits() {
        DatabaseWalk walk = DatabaseWalk.from(new DatabasePosition(0, new Prefixes(1), 1, 1, null), 100);
        assertThat(walk.fraction()).isEqualTo(0.5);

        OpenSegment openSegment = next(walk);
        openSegment.advance(openSegment.cursor() | 0b10L, 10, 1, 0);
        assertThat(walk.fraction()).isEqualTo(0.75);
    }

    @Test
    void fraction_sequential_followsVisitedKeys() {
        DatabaseWalk walk = DatabaseWalk.from(new DatabasePosition(0, new Sequential(), 1, 0, null), 100);
        next(walk).advance(1, 10, 30, 0);
        assertThat(walk.fraction()).isEqualTo(0.3);
        next(walk).advance(2, 10, 90, 0);
        assertThat(walk.fraction()).isEqualTo(0.99);
        next(walk).advance(0, 10, 1, 0);
        assertThat(walk.fraction()).isEqualTo(1);
    }

    @Test
    void position_severalSegmentsOpen_isInTheFirstUncoveredOne() {
        DatabaseWalk walk = DatabaseWalk.from(new DatabasePosition(0, new Prefixes(3), 1, 0, null), 100);
        OpenSegment first = Objects.requireNonNull(walk.takeSegment(2));
        OpenSegment second = Objects.requireNonNull(walk.takeSegment(2));
        assertThat(walk.takeSegment(2)).isNull();

        second.advance(0, 10, 1, 0);
        assertThat(walk.position()).isEqualTo(new DatabasePosition(0, new Prefixes(3), 1, 0, null));
        assertThat(walk.fraction()).isEqualTo(1 / 8.0);

        first.advance(0, 10, 1, 0);
        assertThat(walk.position()).isEqualTo(new DatabasePosition(0, new Prefixes(3), 1, 2, null));
    }

    @Test
    void position_cursorOf64Bits_isPreserved() {
        DatabaseWalk walk = DatabaseWalk.from(new DatabasePosition(0, new Prefixes(0), 1, 0, null), 1);
        next(walk).advance(-1L, 10, 1, 0);

        DatabaseWalk resumed = DatabaseWalk.from(walk.position(), 1);

        assertThat(Long.toUnsignedString(next(resumed).cursor())).isEqualTo("18446744073709551615");
        assertThat(resumed.fraction()).isGreaterThan(0.999).isLessThan(1);
    }

    private record Case(Scanned keys, Segmentation segmentation) {}

    private static Case prefixes(Random random) {
        return new Case(new SimulatedTable(random.nextInt(11)), new Prefixes(random.nextInt(9)));
    }

    private static Case slotRuns(Random random) {
        int slots = 1 << random.nextInt(15);
        return new Case(new SimulatedSlots(random.nextInt(16_385 - slots), slots), new SlotRuns(random.nextInt(9)));
    }

    private static void assertEveryKeyVisited(Random random, Case scanned, boolean resizing) {
        Scanned table = scanned.keys;
        Set<Long> missing = new HashSet<>();
        int keys = random.nextInt(600);
        for (int i = 0; i < keys; i++) {
            long hash = random.nextLong();
            if (missing.add(hash)) {
                table.add(hash);
            }
        }
        DatabaseWalk walk =
                DatabaseWalk.from(new DatabasePosition(0, scanned.segmentation, random.nextLong(), 0, null), keys);
        int maxOpen = 1 + random.nextInt(4);
        Deque<OpenSegment> taken = new ArrayDeque<>();
        double fraction = 0;
        while (!walk.complete()) {
            if (resizing) {
                table.change(random);
                table.add(random.nextLong());
            }
            if (random.nextInt(10) == 0) {
                walk = DatabaseWalk.from(walk.position(), keys);
                taken.clear();
                fraction = 0;
            }
            for (OpenSegment openSegment = walk.takeSegment(maxOpen);
                    openSegment != null;
                    openSegment = walk.takeSegment(maxOpen)) {
                taken.addLast(openSegment);
            }
            OpenSegment first = taken.removeFirst();
            first.advance(table.scan(first.cursor(), 1 + random.nextInt(50), missing::remove), 10, 1, 0);
            assertThat(walk.fraction()).isBetween(fraction, 1.0);
            fraction = resizing ? 0 : walk.fraction();
        }
        assertThat(missing).isEmpty();
        assertThat(walk.fraction()).isEqualTo(1);
    }

    private static OpenSegment next(DatabaseWalk walk) {
        return Objects.requireNonNull(walk.takeSegment(1));
    }
}
