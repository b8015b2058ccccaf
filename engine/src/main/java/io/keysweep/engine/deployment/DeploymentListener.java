package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.topology.Shard;

/** Hears what happens while a deployment is swept. Called by one thread at a time, yet not always the same. */
public interface DeploymentListener {

    /** A round begins; its shards are swept side by side. */
    void onRound(SweepRound round);

    /** Something happened in the sweep of a shard of the present round. */
    void onEvent(Shard shard, SweepEvent event);
}
