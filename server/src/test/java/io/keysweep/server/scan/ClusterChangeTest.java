package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.PrimaryReading;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Tests how the counters of a cluster's primaries show what other clients did during a scan.
 *
 * <p>A reading has a primary's keys, and how many keys it has expired and evicted since its start.
 */
class ClusterChangeTest {

    /** The readings before the scan. */
    private static final List<PrimaryReading> BEFORE = List.of(
            reading("a:1", /* keys= */ 500, /* expired= */ 100, /* evicted= */ 7),
            reading("b:1", /* keys= */ 500, /* expired= */ 0, /* evicted= */ 0));

    /** The number of keys that the scan has reclaimed. */
    private static final int RECLAIMED = 70;

    /**
     * The scan has reclaimed 70 of the 80 expired keys, so 10 have expired elsewhere. The number of keys falls by 50,
     * although 82 keys have expired or were evicted. So 32 keys were added.
     */
    @Test
    void flow_ofCountersThatHaveGrown_isTheirSum() {
        List<PrimaryReading> after = List.of(
                reading("b:1", /* keys= */ 460, /* expired= */ 50, /* evicted= */ 0),
                reading("a:1", /* keys= */ 490, /* expired= */ 130, /* evicted= */ 9));

        assertThat(new ClusterChange(BEFORE, after).flow(RECLAIMED))
                .isEqualTo(new ClusterChange.Flow(/* inflow= */ 32, /* expiredElsewhere= */ 10, /* evicted= */ 2));
    }

    /**
     * After a reset, the flow is unknown, although the sum of the counters grows. The counter of the other primary
     * grows more.
     */
    @Test
    void flow_afterAResetOfACounter_isUnknown() {
        List<PrimaryReading> withFewerExpired = List.of(
                reading("a:1", /* keys= */ 490, /* expired= */ 20, /* evicted= */ 7),
                reading("b:1", /* keys= */ 300, /* expired= */ 200, /* evicted= */ 0));
        assertThat(new ClusterChange(BEFORE, withFewerExpired).flow(RECLAIMED)).isNull();

        List<PrimaryReading> withFewerEvicted = List.of(
                reading("a:1", /* keys= */ 490, /* expired= */ 130, /* evicted= */ 0),
                reading("b:1", /* keys= */ 300, /* expired= */ 200, /* evicted= */ 80));
        assertThat(new ClusterChange(BEFORE, withFewerEvicted).flow(RECLAIMED)).isNull();
    }

    /**
     * The sum is unknown. The reading of a server that does not report its memory contains 0, which is no measured
     * value.
     */
    @Test
    void memory_ofAServerThatDoesNotReportIt_isUnknownInTheSum() {
        List<PrimaryReading> before = List.of(withMemory("a:1", 700), withMemory("b:1", 0));
        ClusterChange change = new ClusterChange(before, List.of(withMemory("a:1", 600), withMemory("b:1", 300)));

        assertThat(change.memoryBefore(PrimaryReading::usedBytes)).isNull();
        assertThat(change.memoryAfter(PrimaryReading::usedBytes)).isEqualTo(900);
        assertThat(change.memoryAfter(PrimaryReading::rssBytes)).isNull();
    }

    private static PrimaryReading reading(String nodeId, long keys, long expired, long evicted) {
        return reading(nodeId, keys, expired, evicted, /* usedBytes= */ 0);
    }

    private static PrimaryReading withMemory(String nodeId, long usedBytes) {
        return reading(nodeId, /* keys= */ 1, /* expired= */ 0, /* evicted= */ 0, usedBytes);
    }

    private static PrimaryReading reading(String nodeId, long keys, long expired, long evicted, long usedBytes) {
        return new PrimaryReading(
                nodeId,
                "run of " + nodeId,
                usedBytes,
                /* rssBytes= */ 0,
                new TreeMap<>(Map.of(0, keys)),
                new TreeMap<>(Map.of(0, keys)),
                expired,
                evicted);
    }
}
