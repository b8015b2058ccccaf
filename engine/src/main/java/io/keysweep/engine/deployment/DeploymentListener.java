package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.topology.Shard;

/** Receives events while a deployment is swept. Calls never overlap, but they may come from different threads. */
public interface DeploymentListener {

    /** Called when a round begins, before its shards are swept side by side. */
    void onRound(SweepRound round);

    /** Called for an event in the sweep of one shard of the current round. */
    void onEvent(Shard shard, SweepEvent event);
}
