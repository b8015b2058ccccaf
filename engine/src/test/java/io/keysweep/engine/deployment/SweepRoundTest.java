package io.keysweep.engine.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests which slots the next round of a cluster sweeps. */
final class SweepRoundTest {

    private static final NodeAddress A = new NodeAddress("a", 1);
    private static final NodeAddress B = new NodeAddress("b", 1);

    /** The cluster at the beginning; no primary serves slot 16383. */
    private final Topology initialTopology = topology("0-8000", "8001-16382");

    private final SweepRound firstRound = SweepRound.first(initialTopology);

    @Test
    void first_anyTopology_hasEveryPrimaryAndTheUnassignedSlots() {
        assertThat(firstRound.number()).isEqualTo(1);
        assertThat(firstRound.shards())
                .containsExactly(new Shard(A, SlotSet.parse("0-8000")), new Shard(B, SlotSet.parse("8001-16382")));
        assertThat(firstRound.unassigned()).hasToString("16383");
    }

    @Test
    void next_allServedSlotsCovered_isEmpty() {
        assertThat(firstRound.next(initialTopology, SlotSet.parse("0-16382"))).isEmpty();
    }

    @Test
    void next_uncoveredSlots_areSweptOnTheirCurrentPrimary() {
        SweepRound secondRound = firstRound
                .next(topology("0-7000", "7001-16383"), SlotSet.parse("0-6999,7100-16382"))
                .orElseThrow();
        assertThat(secondRound.number()).isEqualTo(2);
        assertThat(secondRound.shards())
                .containsExactly(new Shard(A, SlotSet.parse("7000")), new Shard(B, SlotSet.parse("7001-7099,16383")));
        assertThat(secondRound.unassigned().isEmpty()).isTrue();
    }

    @Test
    void next_slotsThatKeepMoving_endsAfterTheLastRound() {
        SweepRound round = firstRound;
        for (int i = 2; i <= SweepRound.MAX_ROUNDS; i++) {
            round = round.next(initialTopology, SlotSet.NONE).orElseThrow();
        }

        assertThat(round.number()).isEqualTo(SweepRound.MAX_ROUNDS);
        assertThat(round.next(initialTopology, SlotSet.NONE)).isEmpty();
    }

    /** Returns a cluster of two primaries that serve these slots. */
    private static Topology topology(String ofA, String ofB) {
        return new Topology(
                List.of(new Primary(A, SlotSet.parse(ofA), List.of()), new Primary(B, SlotSet.parse(ofB), List.of())),
                A);
    }
}
