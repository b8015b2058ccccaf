package io.keysweep.server.assist;

import java.util.UUID;

/**
 * Identifies the attempt at a sweep that has raised settings of servers.
 *
 * <p>A sweep is the part of a scan that visits one primary. Each worker that claims it begins a new attempt, after
 * which earlier attempts can store nothing more.
 *
 * @param instanceId the instance that the scan sweeps
 * @param scanId the scan of the sweep
 * @param round the round of the sweep: slots of a cluster that move in round 1 are swept again in round 2; 0 for the
 *     service itself
 * @param nodeId the node id of the sweep
 * @param attempt the number of the attempt, from 1; 0 for the service itself, which only restores settings
 */
public record SettingsOwner(UUID instanceId, UUID scanId, int round, String nodeId, int attempt) {}
