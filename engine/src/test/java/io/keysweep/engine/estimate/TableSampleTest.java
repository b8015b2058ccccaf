package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.plan.SimulatedTable;
import io.keysweep.engine.reclaim.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the interval of samples that have met only dead keys, or only live keys. */
final class TableSampleTest {

    private static final int KEYS = 200_000;

    /** Some keys of the other kind may be among the keys that were not visited, so the result is not certain. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void of_sampleWithOneKindOfKeysOnly_leavesRoomForTheOther(boolean allDead) throws InterruptedException {
        Backlog backlog = TableSample.of(new OneKind(allDead), KEYS, /* seed= */ 5, /* maxCalls= */ 4_000);

        assertThat(backlog.dead()).isEqualTo(allDead ? KEYS : 0);

        double unvisited = KEYS - backlog.coveredKeys();
        assertThat(backlog.halfWidth()).isCloseTo(3 * unvisited / backlog.coveredKeys(), within(1e-6));
        assertThat(backlog.halfWidth()).isBetween(20.0, 100.0);
    }

    /** Represents a primary on which the keys that SCAN meets are all dead, or all alive. */
    private static final class OneKind implements SampledDatabase {

        private final SimulatedTable table = new SimulatedTable(/* bits= */ 17);
        private final boolean allDead;

        private OneKind(boolean allDead) {
            this.allDead = allDead;
            Random hashes = new Random(9);
            for (int i = 0; i < KEYS; i++) {
                table.add(hashes.nextLong());
            }
        }

        @Override
        public boolean isReplica() {
            return false;
        }

        @Override
        public boolean freesOnMainThread() {
            return false;
        }

        @Override
        public StepOutcome scan(long cursor, int count) {
            List<Long> visitedKeys = new ArrayList<>();
            long nextCursor = table.scan(cursor, count, visitedKeys::add);
            return new StepOutcome(nextCursor, visitedKeys.size(), allDead ? visitedKeys.size() : 0, /* busy= */ null);
        }
    }
}
