package io.keysweep.engine.discovery;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.SlotSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads a reply to CLUSTER SLOTS: which node serves which slots, the 16384 parts of a cluster's keys.
 *
 * <p>The reply contains the nodes as they announce themselves; {@link NodeAddresses} finds out where Keysweep reaches
 * them. A node is identified by its id, because several nodes may announce one address.
 *
 * @param nodes all nodes of the reply by id
 * @param slots the slots of each primary by its id, ordered by their first slot
 * @param replicas the ids of each primary's replicas by the primary's id
 */
record ClusterSlots(Map<String, AnnouncedNode> nodes, Map<String, SlotSet> slots, Map<String, Set<String>> replicas) {

    /** The position of the primary in the array of a range of slots. */
    private static final int PRIMARY_INDEX = 2;

    /** The position of the first replica in the array of a range of slots. */
    private static final int FIRST_REPLICA_INDEX = 3;

    /** The smallest length of the array of a range of slots: first slot, last slot and primary. */
    private static final int MIN_PARTS = 3;

    /**
     * Reads a reply.
     *
     * @throws io.keysweep.engine.link.UnexpectedReplyException if the reply has another form
     * @throws IllegalArgumentException if it names slots that do not exist
     */
    static ClusterSlots of(Reply reply) {
        Map<String, AnnouncedNode> nodes = new LinkedHashMap<>();
        Map<String, SlotSet> slots = new LinkedHashMap<>();
        Map<String, Set<String>> replicas = new LinkedHashMap<>();
        // Each range is an array: first slot, last slot, primary, then its replicas. Servers send the ranges in any
        // order, but this record orders the primaries by their first slot.
        List<Reply> ranges = new ArrayList<>(reply.items(0));
        ranges.sort(Comparator.comparingLong(
                range -> range.items(MIN_PARTS).getFirst().number()));
        for (Reply range : ranges) {
            List<Reply> parts = range.items(MIN_PARTS);
            AnnouncedNode primary = AnnouncedNode.of(parts.get(PRIMARY_INDEX));
            nodes.put(primary.id(), primary);
            slots.merge(primary.id(), range(parts.get(0).number(), parts.get(1).number()), SlotSet::union);
            Set<String> followers = replicas.computeIfAbsent(primary.id(), id -> new LinkedHashSet<>());
            for (Reply part : parts.subList(FIRST_REPLICA_INDEX, parts.size())) {
                AnnouncedNode replica = AnnouncedNode.of(part);
                nodes.putIfAbsent(replica.id(), replica);
                followers.add(replica.id());
            }
        }
        return new ClusterSlots(nodes, slots, replicas);
    }

    /** Returns the slots from the first to the last; throws IllegalArgumentException if a slot does not exist. */
    private static SlotSet range(long first, long last) {
        // A mere cast to int could turn a wrong number into a valid slot, for example 2^32 into 0. SlotSet.range
        // refuses -1 and 16384, the limits of clamp, since they are not slots.
        return SlotSet.range(Math.clamp(first, -1, SlotSet.COUNT), Math.clamp(last, -1, SlotSet.COUNT));
    }

    /** Returns the node with an id, which must be one of the reply. */
    AnnouncedNode node(String id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    /** Returns the replicas of a primary; an empty list if the reply contains no primary with this id. */
    List<AnnouncedNode> replicasOf(String primaryId) {
        return replicas.getOrDefault(primaryId, Set.of()).stream()
                .map(this::node)
                .toList();
    }
}
