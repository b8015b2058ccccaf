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
        SweepPlan plan = SweepPlan.fresh(keys(0, 899, 3, 99), LowBits.HASH, /* isFar= */ false, new Random(1));
        next(plan).advance(0, 10, 1, 0);
        assertThat(plan.fraction()).isEqualTo(0.9);
        assertThat(current(plan).db()).isEqualTo(3);
    }

    @Test
    void fresh_unknownCursors_hasOneSegmentPerDatabase() {
        SweepPlan plan = SweepPlan.fresh(keys(0, 1_000_000, 1, 5), LowBits.UNKNOWN, /* isFar= */ false, new Random(1));
        assertThat(plan.confirmed())
                .hasSize(2)
                .allMatch(position -> position.segmentation().segments() == 1);
    }

    @Test
    void revert_afterSteps_returnsToTheConfirmedPositions() {
        SweepPlan plan = SweepPlan.fresh(keys(0, 10, 1, 10), LowBits.HASH, /* isFar= */ false, new Random(1));
        next(plan).advance(4, 10, 1, 0);
        plan.confirm();
        next(plan).advance(0, 10, 1, 0);
        next(plan).advance(2, 10, 1, 0);

        plan.revert();

        assertThat(current(plan).db()).isEqualTo(0);
        assertThat(next(plan).cursor()).isEqualTo(4);
    }

    @Test
    void resumed_completeDatabase_isSkipped() {
        SweepPlan plan = SweepPlan.resumed(
                List.of(
                        new Checkpoint.DatabasePosition(0, new Segmentation.Prefixes(1), 7, 2, null),
                        new Checkpoint.DatabasePosition(2, new Segmentation.Sequential(), 7, 0, 9L)),
                keys(0, 10, 2, 10));
        assertThat(current(plan).db()).isEqualTo(2);
        assertThat(next(plan).cursor()).isEqualTo(9);
    }

    private static OpenSegment next(SweepPlan plan) {
        return Objects.requireNonNull(current(plan).takeSegment(1));
    }

    private static DatabaseWalk current(SweepPlan plan) {
        DatabaseWalk walk = plan.current();
        assertThat(walk).isNotNull();
        return Objects.requireNonNull(walk);
    }

    private static SortedMap<Integer, Long> keys(int db, long count, int otherDb, long otherCount) {
        SortedMap<Integer, Long> keys = new TreeMap<>();
        keys.put(db, count);
        keys.put(otherDb, otherCount);
        return keys;
    }
}
