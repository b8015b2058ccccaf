package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests that the counts of all databases always add up to the counts of the sweep.
 *
 * <p>A {@link DatabaseCount} has the number of a database, its visited keys and its reclaimed keys.
 */
class DatabaseCountsTest {

    /** The counts after earlier runs: 140 keys visited and 15 reclaimed, in the databases 0 and 3. */
    private final DatabaseCounts counts = new DatabaseCounts(
            Map.of(0, new DatabaseCount(0, 100, 10), 3, new DatabaseCount(3, 40, 5)), /* resumedDatabase= */ 3);

    @Test
    void changedCounts_afterEarlierRuns_continuesTheirCounts() {
        List<DatabaseCount> thisRun = List.of(new DatabaseCount(3, 40, 7), new DatabaseCount(9, 20, 3));

        assertThat(counts.changedCounts(/* visited= */ 200, /* reclaimed= */ 25, thisRun))
                .containsExactlyInAnyOrder(new DatabaseCount(3, 80, 12), new DatabaseCount(9, 20, 3));
    }

    @Test
    void changedCounts_withKeysOfNoKnownDatabase_countsThemWhereTheSweepWasResumed() {
        assertThat(counts.changedCounts(/* visited= */ 147, /* reclaimed= */ 22, List.of()))
                .containsExactly(new DatabaseCount(3, 47, 12));
    }

    @Test
    void changedCounts_sinceTheLastStore_isReturnedOnce() {
        List<DatabaseCount> thisRun = List.of(new DatabaseCount(3, 10, 0));
        List<DatabaseCount> first = counts.changedCounts(/* visited= */ 150, /* reclaimed= */ 15, thisRun);

        assertThat(first).hasSize(1);

        counts.markStored(first);
        assertThat(counts.changedCounts(/* visited= */ 150, /* reclaimed= */ 15, thisRun))
                .isEmpty();
    }

    @Test
    void changedCounts_withFewerReclaimedKeysThanByDatabase_lowersNoCount() {
        assertThat(counts.changedCounts(/* visited= */ 147, /* reclaimed= */ 12, List.of()))
                .containsExactly(new DatabaseCount(3, 47, 5));
    }
}
