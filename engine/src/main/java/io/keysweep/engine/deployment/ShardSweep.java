package io.keysweep.engine.deployment;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Shard;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps one shard and remembers its last counts, so that they are not lost when the sweep fails in the middle.
 *
 * <p>A shard is the part of a cluster that one primary serves; a round sweeps each shard once. {@link ShardExecutor}
 * creates one instance for each shard of a round. The last checkpoint, which the engine reports as an event several
 * times per second, contains the counts. Runs once, on one thread.
 */
final class ShardSweep implements SweepListener {

    private final SweepEngine engine;
    private final SweepRequest request;
    private final SweepControl control;
    private final SweepListener listener;
    private final int round;
    private final Shard shard;

    /** The last checkpoint, whose counts are used if the sweep fails; null before the first checkpoint. */
    private @Nullable Checkpoint lastCheckpoint;

    ShardSweep(
            SweepEngine engine,
            SweepRequest request,
            SweepControl control,
            SweepListener listener,
            int round,
            Shard shard) {
        this.engine = engine;
        this.request = request;
        this.control = control;
        this.listener = listener;
        this.round = round;
        this.shard = shard;
    }

    /**
     * Sweeps the shard, and returns the outcome, even if the primary could not be swept.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    ShardOutcome run() throws InterruptedException {
        try {
            return ShardOutcome.swept(round, shard, engine.sweep(request, control, this));
        } catch (NodeRefusedException e) {
            return ShardOutcome.refused(round, shard, lastCheckpoint, e);
        }
    }

    /** Remembers the checkpoint if the event has one, and passes each event on to the listener. */
    @Override
    public void onEvent(SweepEvent event) {
        if (event instanceof SweepEvent.Checkpointed checkpointed) {
            lastCheckpoint = checkpointed.checkpoint();
        }
        listener.onEvent(event);
    }
}
