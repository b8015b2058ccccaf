package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.PrimaryReading;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests what others did in a cluster, from the counters of its primaries. */
class ClusterChangeTest {

    private static final List<PrimaryReading> BEFORE = List.of(reading("a:1", 500, 100, 7), reading("b:1", 500, 0, 0));

    @Test
    void flow_ofCountersThatHaveGrown_isTheirSum() {
        assertThat(new ClusterChange(BEFORE, List.of(reading("b:1", 460, 50, 0), reading("a:1", 490, 130, 9)))
                        .flow(70))
                .isEqualTo(new ClusterChange.Flow(/* inflow= */ 32, /* expiredElsewhere= */ 10, /* evicted= */ 2));
    }

    /** The growth of the counter of the other primary hides the reset in the sum. */
    @Test
    void flow_afterAResetOnOnePrimary_isUnknown() {
        assertThat(new ClusterChange(BEFORE, List.of(reading("a:1", 490, 20, 7), reading("b:1", 300, 200, 0)))
                        .flow(70))
                .isNull();
        assertThat(new ClusterChange(BEFORE, List.of(reading("a:1", 490, 130, 0), reading("b:1", 300, 200, 80)))
                        .flow(70))
                .isNull();
    }

    private static PrimaryReading reading(String nodeId, long keys, long expired, long evicted) {
        return new PrimaryReading(
                nodeId,
                "run of " + nodeId,
                /* usedBytes= */ 0,
                /* rssBytes= */ 0,
                new TreeMap<>(Map.of(0, keys)),
                new TreeMap<>(Map.of(0, keys)),
                expired,
                evicted);
    }
}
