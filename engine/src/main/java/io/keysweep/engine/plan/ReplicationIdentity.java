package io.keysweep.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * Identifies the server state to which SCAN cursors belong. Cursors become invalid when the server process restarts,
 * when the process has been a replica in between, or when its databases are swapped.
 *
 * @param runId the server process (INFO {@code run_id})
 * @param replicationId the replication history of its data (INFO {@code master_replid}), which changes if the process
 *     has been a replica in between; null if it is unknown
 * @param swaps how often the process has swapped databases ({@code cmdstat_swapdb} of INFO {@code commandstats}); 0 if
 *     it does not report it, and in a cluster
 */
public record ReplicationIdentity(String runId, @Nullable String replicationId, long swaps) {}
