package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.Checkpoint.DatabasePosition;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Tests the fractions, positions and COUNTs of the walk of a sweep through one database.
 *
 * <p>{@code Prefixes(n)} divides a table into 2^n segments by the last n bits of the cursor. {@code SlotRuns(n)}
 * divides the slots into 2^n ranges.
 */
final class DatabaseWalkTest {

    @Test
    void limitCount_unevenSegment_estimatesFromTheKeysVisitedInIt() {
        DatabaseWalk walk = walk(new SlotRuns(2), /* segmentsDone= */ 0, /* keys= */ 4_000);
        OpenSegment openSegment = next(walk);

        // The first step of a segment that may be empty is short.
        assertThat(openSegment.limitCount(5_000)).isEqualTo(100);

        // The segment has 4,096 slots. Half of them have held 30,000 keys.
        visit(openSegment, openSegment.cursor() + 2048, /* visited= */ 30_000);
        assertThat(openSegment.limitCount(5_000)).isEqualTo(5_000);

        // The 64 slots that are left hold about 950 keys if they hold as many as the others.
        visit(openSegment, openSegment.cursor() + 2048 - 64, /* visited= */ 30_000);
        assertThat(openSegment.limitCount(5_000)).isBetween(900, 1_100);
    }

    @Test
    void fraction_unevenSegments_followsKeysVisitedSinceTheResume() {
        DatabaseWalk walk = walk(new SlotRuns(1), /* segmentsDone= */ 1, /* keys= */ 100);
        assertThat(walk.fraction()).isEqualTo(0.5);

        OpenSegment openSegment = next(walk);
        visit(openSegment, openSegment.cursor() + 1, /* visited= */ 25);

        assertThat(walk.fraction()).isEqualTo(0.75);

        visit(next(walk), /* nextCursor= */ 0, /* visited= */ 1);
        assertThat(walk.fraction()).isEqualTo(1);
    }

    @Test
    void limitCount_nearEndOfSegment_isSlightlyMoreThanTheKeysLeft() {
        DatabaseWalk walk = walk(new Prefixes(4), /* segmentsDone= */ 0, /* keys= */ 16 * 5_000);
        OpenSegment openSegment = next(walk);
        // SCAN changes the low bits of a cursor last. The lowest 4 bits are the segment. With the next two bits set,
        // three quarters of its 5,000 keys are visited.
        visit(openSegment, openSegment.cursor() | 0b11L << 4, /* visited= */ 1);

        assertThat(openSegment.limitCount(5_000)).isBetween(1_250, 1_400);
        assertThat(openSegment.limitCount(100)).isEqualTo(100);
    }

    /**
     * Each of the last two steps gets half of the keys. Otherwise the second step would visit only the few keys that
     * the first has left.
     */
    @Test
    void limitCount_twoStepsLeft_isTheSameForBoth() {
        DatabaseWalk walk = walk(new Prefixes(4), /* segmentsDone= */ 0, /* keys= */ 16 * 5_000);
        OpenSegment openSegment = next(walk);
        visit(openSegment, openSegment.cursor() | 0b11L << 4, /* visited= */ 1);
        int keysLeft = openSegment.limitCount(5_000);

        assertThat(openSegment.limitCount(keysLeft - 100)).isEqualTo((keysLeft + 1) / 2);
        assertThat(openSegment.limitCount(keysLeft / 2 - 1)).isEqualTo(keysLeft / 2 - 1);
    }

    @Test
    void fraction_withinSegment_followsReversedBits() {
        DatabaseWalk walk = walk(new Prefixes(1), /* segmentsDone= */ 1, /* keys= */ 100);
        assertThat(walk.fraction()).isEqualTo(0.5);

        OpenSegment openSegment = next(walk);
        visit(openSegment, openSegment.cursor() | 0b10L, /* visited= */ 1);

        assertThat(walk.fraction()).isEqualTo(0.75);
    }

    @Test
    void fraction_sequential_followsVisitedKeys() {
        DatabaseWalk walk = walk(new Sequential(), /* segmentsDone= */ 0, /* keys= */ 100);
        visit(next(walk), /* nextCursor= */ 1, /* visited= */ 30);

        assertThat(walk.fraction()).isEqualTo(0.3);

        visit(next(walk), /* nextCursor= */ 2, /* visited= */ 90);
        assertThat(walk.fraction()).isEqualTo(0.99);

        visit(next(walk), /* nextCursor= */ 0, /* visited= */ 1);
        assertThat(walk.fraction()).isEqualTo(1);
    }

    @Test
    void position_severalSegmentsOpen_isInTheFirstUncoveredOne() {
        DatabaseWalk walk = walk(new Prefixes(3), /* segmentsDone= */ 0, /* keys= */ 100);
        OpenSegment firstSegment = Objects.requireNonNull(walk.takeSegment(2));
        OpenSegment secondSegment = Objects.requireNonNull(walk.takeSegment(2));

        assertThat(walk.takeSegment(2)).isNull();

        visit(secondSegment, /* nextCursor= */ 0, /* visited= */ 1);
        assertThat(walk.position())
                .isEqualTo(new DatabasePosition(
                        /* db= */ 0, new Prefixes(3), /* seed= */ 1, /* segmentsDone= */ 0, /* cursor= */ null));
        assertThat(walk.fraction()).isEqualTo(1 / 8.0);

        visit(firstSegment, /* nextCursor= */ 0, /* visited= */ 1);
        assertThat(walk.position())
                .isEqualTo(new DatabasePosition(
                        /* db= */ 0, new Prefixes(3), /* seed= */ 1, /* segmentsDone= */ 2, /* cursor= */ null));
    }

    @Test
    void position_cursorOf64Bits_isPreserved() {
        DatabaseWalk walk = walk(new Prefixes(0), /* segmentsDone= */ 0, /* keys= */ 1);
        visit(next(walk), /* nextCursor= */ -1L, /* visited= */ 1);

        DatabaseWalk resumedWalk = DatabaseWalk.from(walk.position(), 1);

        assertThat(Long.toUnsignedString(next(resumedWalk).cursor())).isEqualTo("18446744073709551615");
        assertThat(resumedWalk.fraction()).isGreaterThan(0.999).isLessThan(1);
    }

    @Test
    void endWithoutTtl_inTheMiddle_coversTheDatabaseAndKeepsTheReason() {
        DatabaseWalk walk = walk(new Prefixes(3), /* segmentsDone= */ 0, /* keys= */ 100);
        visit(next(walk), /* nextCursor= */ 0, /* visited= */ 12);

        // The first segment is complete, and the second segment is open.
        OpenSegment secondSegment = next(walk);
        long cursorInside = secondSegment.cursor() | 0b1000L;
        visit(secondSegment, cursorInside, /* visited= */ 5);
        DatabasePosition earlierPosition = walk.position();

        walk.endWithoutTtl();

        assertThat(walk.complete()).isTrue();
        assertThat(walk.fraction()).isEqualTo(1);
        assertThat(walk.expectedVisits()).isZero();
        assertThat(walk.visited()).isEqualTo(17);
        assertThat(walk.takeSegment(1)).isNull();

        // In a position, cursor 0 states that no key with a TTL was left.
        assertThat(walk.position())
                .isEqualTo(new DatabasePosition(
                        /* db= */ 0, new Prefixes(3), /* seed= */ 1, /* segmentsDone= */ 1, /* cursor= */ 0L));
        assertThat(walk.position().coverage()).isEqualTo(DatabaseCoverage.NO_TTL);

        // A walk that resumes from this position is complete, too.
        DatabaseWalk resumedWalk = DatabaseWalk.from(walk.position(), 100);
        assertThat(resumedWalk.complete()).isTrue();
        assertThat(resumedWalk.position()).isEqualTo(walk.position());

        // A return to the earlier position opens the second segment again.
        resumedWalk.moveTo(earlierPosition);
        assertThat(resumedWalk.complete()).isFalse();
        assertThat(next(resumedWalk).cursor()).isEqualTo(cursorInside);
    }

    @Test
    void endWithoutTtl_everythingVisited_changesNothing() {
        DatabaseWalk walk = walk(new Prefixes(0), /* segmentsDone= */ 0, /* keys= */ 10);
        visit(next(walk), /* nextCursor= */ 0, /* visited= */ 10);

        walk.endWithoutTtl();

        assertThat(walk.position().coverage()).isEqualTo(DatabaseCoverage.VISITED);
    }

    /** Returns a walk of database 0 that has finished some segments. */
    private static DatabaseWalk walk(Segmentation segmentation, int segmentsDone, long keys) {
        return DatabaseWalk.from(
                new DatabasePosition(/* db= */ 0, segmentation, /* seed= */ 1, segmentsDone, /* cursor= */ null), keys);
    }

    /** Makes a step that visits some keys, reclaims none and ends at a cursor. */
    private static void visit(OpenSegment openSegment, long nextCursor, long visited) {
        openSegment.advance(nextCursor, /* count= */ 10, visited, /* stepReclaimed= */ 0);
    }

    /** Returns the next segment; no other may be open. */
    private static OpenSegment next(DatabaseWalk walk) {
        return Objects.requireNonNull(walk.takeSegment(1));
    }
}
