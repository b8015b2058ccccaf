package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that the counts of all databases always add up to the counts of the sweep. */
class DatabaseCountsTest {

    private final DatabaseCounts counts = new DatabaseCounts(
            Map.of(0, new DatabaseCount(0, 100, 10), 3, new DatabaseCount(3, 40, 5)), /* resumedDatabase= */ 3);

    @Test
    void changed_afterEarlierRuns_continuesTheirCounts() {
        assertThat(counts.changed(200, 25, List.of(new DatabaseCount(3, 40, 7), new DatabaseCount(9, 20, 3))))
                .containsExactlyInAnyOrder(new DatabaseCount(3, 80, 12), new DatabaseCount(9, 20, 3));
    }

    @Test
    void changed_withKeysOfNoKnownDatabase_countsThemWhereTheSweepWasResumed() {
        assertThat(counts.changed(147, 22, List.of())).containsExactly(new DatabaseCount(3, 47, 12));
    }

    @Test
    void changed_sinceTheLastStore_isReturnedOnce() {
        List<DatabaseCount> first = counts.changed(150, 15, List.of(new DatabaseCount(3, 10, 0)));
        assertThat(first).hasSize(1);
        counts.markStored(first);
        assertThat(counts.changed(150, 15, List.of(new DatabaseCount(3, 10, 0))))
                .isEmpty();
    }

    @Test
    void changed_withFewerReclaimedKeysThanByDatabase_lowersNoCount() {
        assertThat(counts.changed(147, 12, List.of())).containsExactly(new DatabaseCount(3, 47, 5));
    }
}
