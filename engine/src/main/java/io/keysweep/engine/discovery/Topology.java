package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The primaries of a deployment as one node or sentinel saw them just now. A primary without slots is not among them:
 * it has no keys.
 *
 * @param primaries by their first slot; empty in a cluster where no slot is assigned
 * @param toldBy who was asked
 */
public record Topology(List<Primary> primaries, NodeAddress toldBy) {

    public Topology {
        primaries = List.copyOf(primaries);
    }

    /** Slots that no primary serves; their keys cannot be reached. */
    public SlotSet unassigned() {
        return primaries.stream().map(Primary::slots).reduce(SlotSet.ALL, SlotSet::minus);
    }

    /** All nodes in it, primaries first. */
    public List<NodeAddress> nodes() {
        return Stream.concat(
                        primaries.stream().map(Primary::address),
                        primaries.stream().flatMap(primary -> primary.replicas().stream()))
                .distinct()
                .toList();
    }
}
