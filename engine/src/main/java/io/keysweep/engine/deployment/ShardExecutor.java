package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sweeps the shards of one round of {@link DeploymentSweep} side by side, within the concurrency limits of the request.
 *
 * <p>A shard is the part of a cluster that one primary serves; a round sweeps each shard once. {@link ShardTasks} gives
 * each sweep its own thread.
 *
 * @param engine sweeps one shard
 * @param request the settings and the concurrency limits
 * @param deployment the deployment, with all nodes known by now
 * @param control pauses, cancels or retunes all sweeps
 * @param listener receives the events of all shards
 * @param listenerLock held during every call of {@code listener} from the thread of a shard, so that calls do not
 *     overlap
 */
record ShardExecutor(
        SweepEngine engine,
        DeploymentRequest request,
        Deployment deployment,
        SweepControl control,
        DeploymentListener listener,
        ReentrantLock listenerLock) {

    /**
     * Sweeps all shards of a round, and returns when the last sweep has ended. Begins no further sweep once the control
     * is cancelled or a sweep has timed out.
     *
     * @return one outcome for each sweep that has begun, in the order in which the sweeps ended
     * @throws InterruptedException if the calling thread or a sweep is interrupted; all sweeps have ended by then
     * @throws IllegalStateException if a sweep ends with an unexpected exception, for example of the listener; the
     *     other sweeps were interrupted and have ended
     */
    List<ShardOutcome> run(SweepRound round) throws InterruptedException {
        listener.onRound(round);
        // All shards have the same deadline, so a sweep that times out ends the round.
        AtomicBoolean isTimedOut = new AtomicBoolean();
        return ShardTasks.run(request, round.shards(), shard -> sweep(round.number(), shard, isTimedOut)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Sweeps one shard; returns no outcome if the round has to end before this sweep begins. */
    private Optional<ShardOutcome> sweep(int round, Shard shard, AtomicBoolean isTimedOut) throws InterruptedException {
        if (control.cancelled() || isTimedOut.get()) {
            return Optional.empty();
        }
        ShardOutcome outcome;
        notifyListener(() -> listener.onShardBegun(shard));
        try {
            outcome = new ShardSweep(
                            engine,
                            request.sweep().ofShard(deployment, shard),
                            control,
                            event -> notifyListener(() -> listener.onEvent(shard, event)),
                            round,
                            shard)
                    .run();
        } finally {
            notifyListener(() -> listener.onShardEnded(shard));
        }
        SweepReport report = outcome.report();
        if (report != null && report.ending() == Ending.TIMED_OUT) {
            isTimedOut.set(true);
        }
        return Optional.of(outcome);
    }

    private void notifyListener(Runnable call) {
        listenerLock.lock();
        try {
            call.run();
        } finally {
            listenerLock.unlock();
        }
    }
}
