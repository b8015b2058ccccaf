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

    /**
     * Called when the work on a shard of the current round begins, on the thread of its sweep. The first event of the
     * sweep may follow much later, because the primary may be assisted before.
     */
    default void onShardBegun(Shard shard) {}

    /** Called for an event in the sweep of one shard of the current round, on the thread of that sweep. */
    void onEvent(Shard shard, SweepEvent event);

    /** Called when the work on a shard has ended, even if its sweep has failed or has never begun. */
    default void onShardEnded(Shard shard) {}
}
