package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
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

    /** What each primary serves. */
    public List<Shard> shards() {
        return shards(SlotSet.ALL);
    }

    /** What primaries serve of these slots; nothing of a primary that serves none of them. */
    public List<Shard> shards(SlotSet wanted) {
        return primaries.stream()
                .map(primary -> new Shard(primary.address(), primary.slots().intersect(wanted)))
                .filter(shard -> !shard.slots().isEmpty())
                .toList();
    }

    /** What the primary at an address serves; nothing if there is none. */
    public SlotSet servedAt(NodeAddress address) {
        return primaries.stream()
                .filter(primary -> primary.address().equals(address))
                .map(Primary::slots)
                .reduce(SlotSet.NONE, SlotSet::union);
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
