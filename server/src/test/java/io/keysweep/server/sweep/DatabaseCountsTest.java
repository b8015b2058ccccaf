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
            Map.of(
                    0, new DatabaseCount(/* db= */ 0, /* visited= */ 100, /* reclaimed= */ 10),
                    3, new DatabaseCount(/* db= */ 3, /* visited= */ 40, /* reclaimed= */ 5)),
            /* resumedDatabase= */ 3);

    @Test
    void changedCounts_afterEarlierRuns_continuesTheirCounts() {
        List<DatabaseCount> thisRun = List.of(
                new DatabaseCount(/* db= */ 3, /* visited= */ 40, /* reclaimed= */ 7),
                new DatabaseCount(/* db= */ 9, /* visited= */ 20, /* reclaimed= */ 3));

        assertThat(counts.changedCounts(/* visited= */ 200, /* reclaimed= */ 25, thisRun))
                .containsExactlyInAnyOrder(
                        new DatabaseCount(/* db= */ 3, /* visited= */ 80, /* reclaimed= */ 12),
                        new DatabaseCount(/* db= */ 9, /* visited= */ 20, /* reclaimed= */ 3));
    }

    @Test
    void changedCounts_ofKeysOfNoKnownDatabase_areCountedWhereTheSweepResumed() {
        assertThat(counts.changedCounts(/* visited= */ 147, /* reclaimed= */ 22, List.of()))
                .containsExactly(new DatabaseCount(/* db= */ 3, /* visited= */ 47, /* reclaimed= */ 12));
    }

    @Test
    void changedCounts_sinceTheLastStore_isReturnedOnce() {
        List<DatabaseCount> thisRun = List.of(new DatabaseCount(/* db= */ 3, /* visited= */ 10, /* reclaimed= */ 0));
        List<DatabaseCount> changedCounts = counts.changedCounts(/* visited= */ 150, /* reclaimed= */ 15, thisRun);

        assertThat(changedCounts).hasSize(1);

        counts.markStored(changedCounts);
        assertThat(counts.changedCounts(/* visited= */ 150, /* reclaimed= */ 15, thisRun))
                .isEmpty();
    }

    @Test
    void changedCounts_withFewerReclaimedKeysThanByDatabase_lowersNoCount() {
        assertThat(counts.changedCounts(/* visited= */ 147, /* reclaimed= */ 12, List.of()))
                .containsExactly(new DatabaseCount(/* db= */ 3, /* visited= */ 47, /* reclaimed= */ 5));
    }
}
