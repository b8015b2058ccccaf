package io.keysweep.engine.discovery;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Describes the primaries of a deployment and their slots, as one node or sentinel reported them to {@link Discovery}.
 *
 * <p>Slots are the 16384 parts by which a cluster divides its keys; a single primary has all of them. Primaries without
 * slots are left out, as they have no keys.
 *
 * @param primaries the primaries, ordered by their first slot; empty for a cluster in which no slot is assigned
 * @param reportedBy the node or sentinel that answered
 */
public record Topology(List<Primary> primaries, NodeAddress reportedBy) {

    /** The largest number of characters for slots in a message. */
    private static final int MAX_SLOTS_LENGTH = 200;

    public Topology {
        primaries = List.copyOf(primaries);
    }

    /** Returns the slots that no primary serves; a sweep cannot reach the keys in these slots. */
    public SlotSet unassigned() {
        return primaries.stream().map(Primary::slots).reduce(SlotSet.ALL, SlotSet::minus);
    }

    /**
     * Returns an exception that names the slots without a primary, whose keys cannot be reached; null if every
     * slot has a primary.
     */
    public @Nullable NodeRefusedException refusalOfUnassigned() {
        SlotSet slots = unassigned();
        return slots.isEmpty()
                ? null
                : new NodeRefusedException(
                        reportedBy.toString(),
                        Reason.UNREACHABLE,
                        "slots " + ForeignText.excerpt(slots.toString(), MAX_SLOTS_LENGTH)
                                + " are served by no primary, according to " + reportedBy
                                + ", so their keys cannot be reached; see CLUSTER INFO, and redis-cli --cluster check");
    }

    /** Returns one shard for each primary, which is the primary with all slots that it serves. */
    public List<Shard> shards() {
        return shards(SlotSet.ALL);
    }

    /** Returns one shard for each primary that serves some of the given slots, limited to the given slots. */
    public List<Shard> shards(SlotSet slots) {
        return primaries.stream()
                .map(primary -> new Shard(primary.address(), primary.slots().intersect(slots)))
                .filter(shard -> !shard.slots().isEmpty())
                .toList();
    }

    /** Returns the slots that the primary at an address serves; the empty set if no primary has the address. */
    public SlotSet servedAt(NodeAddress address) {
        return primaries.stream()
                .filter(primary -> primary.address().equals(address))
                .map(Primary::slots)
                .reduce(SlotSet.NONE, SlotSet::union);
    }

    /** Returns the id of the primary at an address; null if no primary has the address, or its id is not known. */
    public @Nullable String primaryIdAt(NodeAddress address) {
        return primaries.stream()
                .filter(primary -> primary.address().equals(address))
                .findFirst()
                .map(Primary::id)
                .orElse(null);
    }

    /**
     * Returns this topology if each primary has an address of its own.
     *
     * @throws NodeRefusedException if two primaries have the same address. The usual cause is a mistake in the node
     *     map, which maps announced addresses, hosts or ids to reachable addresses
     */
    Topology withDistinctAddresses() {
        Map<NodeAddress, Primary> primariesByAddress = new HashMap<>();
        for (Primary primary : primaries) {
            Primary primaryAtSameAddress = primariesByAddress.put(primary.address(), primary);
            if (primaryAtSameAddress != null) {
                throw new NodeRefusedException(
                        reportedBy.toString(),
                        Reason.TOPOLOGY_UNCLEAR,
                        "nodes " + ForeignText.excerpt(String.valueOf(primaryAtSameAddress.id())) + " and "
                                + ForeignText.excerpt(String.valueOf(primary.id()))
                                + " of the cluster both have the address "
                                + primary.address() + ", according to " + reportedBy
                                + " and the node map; correct the node map");
            }
        }
        return this;
    }

    /** Returns a copy of this topology that names another node or sentinel as its source. */
    Topology reportedBy(NodeAddress node) {
        return new Topology(primaries, node);
    }

    /** Returns the addresses of all primaries, followed by the addresses of all known replicas, each once. */
    public List<NodeAddress> nodes() {
        return Stream.concat(
                        primaries.stream().map(Primary::address),
                        primaries.stream().flatMap(primary -> primary.replicas().stream()))
                .distinct()
                .toList();
    }
}
