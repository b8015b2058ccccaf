package io.keysweep.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests the order of databases, and plans that are resumed or reverted. */
final class SweepPlanTest {

    @Test
    void fresh_noKeys_isComplete() {
        SweepPlan plan = SweepPlan.fresh(new TreeMap<>(), LowBits.HASH, /* isFar= */ false, new Random(1));

        assertThat(plan.current()).isNull();
        assertThat(plan.fraction()).isEqualTo(1);
    }

    @Test
    void fraction_twoDatabases_isWeightedByKeys() {
        // Database 0 has 899 keys, and database 3 has 99.
        SweepPlan plan = SweepPlan.fresh(keys(0, 899, 3, 99), LowBits.HASH, /* isFar= */ false, new Random(1));
        visitOneKey(plan, /* nextCursor= */ 0);

        // Each database weighs one more than its number of keys, so a weight of 900 of 1,000 is done.
        assertThat(plan.fraction()).isEqualTo(0.9);
        assertThat(current(plan).db()).isEqualTo(3);
    }

    @Test
    void fresh_unknownKindOfCursors_hasOneSegmentPerDatabase() {
        // Database 0 has 1,000,000 keys, and database 1 has 5.
        SweepPlan plan = SweepPlan.fresh(keys(0, 1_000_000, 1, 5), LowBits.UNKNOWN, /* isFar= */ false, new Random(1));

        assertThat(plan.confirmedPositions())
                .hasSize(2)
                .allMatch(position -> position.segmentation().segments() == 1);
    }

    @Test
    void revert_afterSteps_returnsToTheConfirmedPositions() {
        SweepPlan plan = SweepPlan.fresh(keys(0, 10, 1, 10), LowBits.HASH, /* isFar= */ false, new Random(1));
        visitOneKey(plan, /* nextCursor= */ 4);
        plan.confirm();

        visitOneKey(plan, /* nextCursor= */ 0);
        visitOneKey(plan, /* nextCursor= */ 2);

        plan.revert();

        assertThat(current(plan).db()).isEqualTo(0);
        assertThat(next(plan).cursor()).isEqualTo(4);
    }

    @Test
    void resume_completeDatabase_isSkipped() {
        SweepPlan plan = SweepPlan.resume(
                List.of(
                        new Checkpoint.DatabasePosition(
                                /* db= */ 0,
                                new Segmentation.Prefixes(1),
                                /* seed= */ 7,
                                /* segmentsDone= */ 2,
                                /* cursor= */ null),
                        new Checkpoint.DatabasePosition(
                                /* db= */ 2,
                                new Segmentation.Sequential(),
                                /* seed= */ 7,
                                /* segmentsDone= */ 0,
                                /* cursor= */ 9L)),
                keys(0, 10, 2, 10));

        assertThat(current(plan).db()).isEqualTo(2);
        assertThat(next(plan).cursor()).isEqualTo(9);
    }

    /** Makes a step in the next segment that visits one key and ends at a cursor. */
    private static void visitOneKey(SweepPlan plan, long nextCursor) {
        next(plan).advance(nextCursor, /* count= */ 10, /* stepVisited= */ 1, /* stepReclaimed= */ 0);
    }

    /** Returns the next segment of the current database. */
    private static OpenSegment next(SweepPlan plan) {
        return Objects.requireNonNull(current(plan).takeSegment(1));
    }

    /** Returns the walk of the database that the plan has reached; the plan must not be complete. */
    private static DatabaseWalk current(SweepPlan plan) {
        DatabaseWalk walk = plan.current();
        assertThat(walk).isNotNull();
        return Objects.requireNonNull(walk);
    }

    /** Returns the numbers of keys of two databases. */
    private static SortedMap<Integer, Long> keys(int db, long count, int otherDb, long otherCount) {
        SortedMap<Integer, Long> keys = new TreeMap<>();
        keys.put(db, count);
        keys.put(otherDb, otherCount);
        return keys;
    }
}
