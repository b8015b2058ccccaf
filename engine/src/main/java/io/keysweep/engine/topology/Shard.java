package io.keysweep.engine.topology;

/**
 * A part of a deployment that one primary serves, and what a sweep of it is to cover.
 *
 * @param primary where the primary was when the sweep was planned; as a name it stays when another node takes over
 * @param slots what is to be covered; all slots outside a cluster
 */
public record Shard(NodeAddress primary, SlotSet slots) {}
