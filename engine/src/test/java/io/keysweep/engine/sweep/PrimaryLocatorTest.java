package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests which node is the primary of a shard after the slots of the shard have moved. */
final class PrimaryLocatorTest {

    private static final NodeAddress A = new NodeAddress("a", 1);
    private static final NodeAddress B = new NodeAddress("b", 1);
    private static final NodeAddress C = new NodeAddress("c", 1);

    /** The primaries of the cluster as node C reports them. */
    private final List<Primary> primaries = new ArrayList<>();

    private final PrimaryLocator locator = new PrimaryLocator(
            last -> new Topology(primaries, C), /* primaryCanMove= */ true, new Shard(A, SlotSet.parse("0-99")));

    @Test
    void locate_primaryKeepsSomeSlots_isAtItsAddress() {
        serves(A, "50-16000");
        serves(B, "0-49");

        assertThat(locator.locate()).isEqualTo(A);
    }

    @Test
    void locate_promotedReplica_isPrimaryWithItsSlots() {
        serves(B, "0-99");
        serves(C, "100-16383");

        assertThat(locator.locate()).isEqualTo(B);

        primaries.clear();
        serves(A, "0-30");
        serves(B, "31-99");

        assertThat(locator.locate())
                .as("the shard stays with the promoted replica")
                .isEqualTo(B);
    }

    @Test
    void locate_slotsSplitBetweenNewNodes_isNodeWithMore() {
        serves(B, "0-30");
        serves(C, "31-99,200-210");

        assertThat(locator.locate()).isEqualTo(C);
    }

    @Test
    void locate_slotsMovedToOtherShards_isHandedOver() {
        serves(B, "0-49,100-8000");
        serves(C, "50-99,8001-16383");

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(locator::locate)
                .matches(e -> e.reason() == Reason.HANDED_OVER)
                .withMessageContaining("slots 0-99 of a:1");
    }

    @Test
    void confirmedSlots_ofAnAddress_areSlotsOfTheShardOnly() {
        serves(A, "90-120");
        assertThat(locator.confirmedSlots(A)).hasToString("90-99");
        assertThat(locator.confirmedSlots(B).isEmpty()).isTrue();
    }

    @Test
    void confirmedSlots_onlyNodeThatAnswers_isRefusedUnlessTheOnlyPrimary() {
        serves(C, "0-16383");
        assertThat(locator.confirmedSlots(C)).hasToString("0-99");

        primaries.clear();
        serves(C, "0-99");
        serves(B, "100-16383");

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> locator.confirmedSlots(C))
                .withMessageContaining("only node of the cluster that answers");
    }

    /** Adds a primary without replicas that serves some slots. */
    private void serves(NodeAddress address, String slots) {
        primaries.add(new Primary(address, SlotSet.parse(slots), List.of()));
    }
}
