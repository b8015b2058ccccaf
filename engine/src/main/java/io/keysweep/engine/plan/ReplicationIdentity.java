package io.keysweep.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * Identifies the state of a server to which stored SCAN cursors belong.
 *
 * <p>A sweep that resumes from a checkpoint compares the stored identity with the server's current identity. Cursors
 * become invalid when the server process restarts, when the process has been a replica in between, or when its
 * databases are swapped.
 *
 * @param runId the id of the server process (INFO {@code run_id}), which changes with every restart
 * @param replicationId the id of the history of the server's data (INFO {@code master_replid}), which changes if the
 *     process has been a replica in between; null if unknown
 * @param swaps how often the process has swapped databases ({@code cmdstat_swapdb} of INFO {@code commandstats}); 0 if
 *     the server does not report the number, and in a cluster, where databases cannot be swapped
 */
public record ReplicationIdentity(String runId, @Nullable String replicationId, long swaps) {}
