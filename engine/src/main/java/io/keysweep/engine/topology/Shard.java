package io.keysweep.engine.topology;

/**
 * A shard is the part of a deployment that one sweep covers: one primary and its slots.
 *
 * @param primary the primary's address when the sweep was planned; it remains the shard's name even after a failover
 * @param slots the slots that the sweep must cover; all slots outside a cluster
 */
public record Shard(NodeAddress primary, SlotSet slots) {}
