package io.keysweep.engine.topology;

/**
 * A shard is the part of a deployment that one primary serves, together with the slots that a sweep must cover.
 *
 * @param primary where the primary was when the sweep was planned; it stays the shard's name after a failover
 * @param slots the slots to cover; all slots outside a cluster
 */
public record Shard(NodeAddress primary, SlotSet slots) {}
