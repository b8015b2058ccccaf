package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.SlotSet;
import org.junit.jupiter.api.Test;

/**
 * Tests how the slots of a node are read from CLUSTER NODES.
 *
 * <p>An entry such as {@code [93->-1f]} says that slot 93 migrates to node 1f, and {@code [7000-<-2a]} that slot 7000
 * is imported from node 2a.
 */
final class ServedSlotsTest {

    @Test
    void parse_primary_readsServedAndImportedSlots() {
        ServedSlots slots = ServedSlots.parse("""
                1f 127.0.0.1:2@102,host slave 0e 0 1700000000000 3 connected
                0e :1@101 myself,master - 0 0 4 connected 0-99 5000 [93->-1f] [7000-<-2a]
                2a 127.0.0.1:3@103 master - 0 1700000000000 2 connected 100-4999 5001-16383
                """);
        assertThat(slots.served()).hasToString("0-99,5000");
        assertThat(slots.epoch()).isEqualTo(4);
        assertThat(slots.importing()).hasToString("7000");
    }

    @Test
    void parse_replicaOrNoSlots_servesNone() {
        assertThat(ServedSlots.parse("0e :1@101 myself,slave 1f 0 0 3 connected")
                        .served())
                .isEqualTo(SlotSet.NONE);
        assertThat(ServedSlots.parse("0e :1@101 myself,master - 0 0 3 connected")
                        .served())
                .isEqualTo(SlotSet.NONE);
        assertThat(ServedSlots.parse("").served()).isEqualTo(SlotSet.NONE);
    }
}
