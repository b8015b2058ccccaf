package io.keysweep.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * What positions in a server stand on: cursors outlive neither its process, nor its role, nor that its databases are
 * swapped.
 *
 * @param runId the server process (INFO {@code run_id})
 * @param replicationId the history of its data (INFO {@code master_replid}), which a process that was a replica in between
 *     does not go on with; null if it is not known
 * @param swaps how often it has swapped databases ({@code cmdstat_swapdb} of INFO {@code commandstats}); 0 if it does not
 *     tell, and in a cluster
 */
public record ReplicationIdentity(String runId, @Nullable String replicationId, long swaps) {}
