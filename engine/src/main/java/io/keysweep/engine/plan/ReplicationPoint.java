package io.keysweep.engine.plan;

/**
 * A replication point is a position in the stream of changes that a primary sends to its replicas.
 *
 * <p>A server that has followed the same history beyond the offset has all changes that the primary made up to this
 * point.
 *
 * @param replicationId the id of the history of the primary's data (INFO {@code master_replid})
 * @param offset the number of bytes of the stream up to the point (INFO {@code master_repl_offset})
 */
public record ReplicationPoint(String replicationId, long offset) {}
