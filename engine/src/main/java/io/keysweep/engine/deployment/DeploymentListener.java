package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.topology.Shard;

/**
 * Receives events while {@link DeploymentSweep} sweeps the primaries of a deployment, for example to show the progress.
 *
 * <p>Calls never overlap, but they may come from different threads. A slow listener delays all sweeps. If a listener
 * throws an exception, {@link DeploymentSweep#run} ends all sweeps and also throws an exception.
 */
public interface DeploymentListener {

    /**
     * Called when a round begins. A round sweeps its shards, each the part of a cluster that one primary serves, side
     * by side.
     */
    void onRound(SweepRound round);

    /** Called for an event in the sweep of one shard of the current round, on the thread of that sweep. */
    void onEvent(Shard shard, SweepEvent event);
}
