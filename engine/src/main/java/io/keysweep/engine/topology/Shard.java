package io.keysweep.engine.topology;

/**
 * A shard is the part of a deployment that one sweep covers: one primary and its slots.
 *
 * <p>A slot is one of the 16384 parts by which a cluster divides its keys among primaries.
 *
 * @param primary the primary's address when the sweep was planned. It remains the shard's name even after a failover,
 *     when another node serves the slots
 * @param slots the slots that the sweep must cover; all slots outside a cluster
 */
public record Shard(NodeAddress primary, SlotSet slots) {}
