package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sweeps the shards of one round of {@link DeploymentSweep} side by side, within the concurrency limits of the request.
 *
 * <p>A shard is the part of a cluster that one primary serves; a round sweeps each shard once. Each sweep has its own
 * thread.
 *
 * @param engine sweeps one shard
 * @param request the settings and the concurrency limits
 * @param deployment the deployment, with all nodes known by now
 * @param control pauses, cancels or retunes all sweeps
 * @param listener receives the events of all shards
 * @param listenerLock held during every call of {@code listener.onEvent}, so that calls do not overlap
 */
record ShardExecutor(
        SweepEngine engine,
        DeploymentRequest request,
        Deployment deployment,
        SweepControl control,
        DeploymentListener listener,
        ReentrantLock listenerLock) {

    /**
     * Sweeps all shards of a round, and returns when the last sweep has ended.
     *
     * @return one outcome for each shard, in the order in which the sweeps ended
     * @throws InterruptedException if the calling thread or a sweep is interrupted; all sweeps have ended by then
     * @throws IllegalStateException if a sweep ends with an unexpected exception, for example of the listener; the
     *     other sweeps were interrupted and have ended
     */
    List<ShardOutcome> run(SweepRound round) throws InterruptedException {
        listener.onRound(round);
        Deque<ShardSweep> waitingSweeps = new ArrayDeque<>();
        round.shards().forEach(shard -> waitingSweeps.add(shardSweep(round.number(), shard)));
        List<Shard> runningShards = new ArrayList<>();
        List<ShardOutcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("keysweep-shard-", /* start= */ 1).factory())) {
            CompletionService<ShardOutcome> completedSweeps = new ExecutorCompletionService<>(threads);
            try {
                while (outcomes.size() < round.shards().size()) {
                    startAllowed(waitingSweeps, runningShards, completedSweeps);
                    ShardOutcome outcome = outcomeOf(completedSweeps.take());
                    runningShards.remove(outcome.shard());
                    outcomes.add(outcome);
                }
            } finally {
                // After an exception, sweeps may still run; interrupting them ends them.
                threads.shutdownNow();
            }
        }
        return outcomes;
    }

    /** Creates the sweep of one shard, without starting it. */
    private ShardSweep shardSweep(int round, Shard shard) {
        return new ShardSweep(
                engine,
                request.sweep().ofShard(deployment, shard),
                control,
                event -> notifyListener(shard, event),
                round,
                shard);
    }

    private void notifyListener(Shard shard, SweepEvent event) {
        listenerLock.lock();
        try {
            listener.onEvent(shard, event);
        } finally {
            listenerLock.unlock();
        }
    }

    /**
     * Starts as many waiting sweeps as the limits allow, in order. Skips a sweep if the limit for its host is reached.
     */
    private void startAllowed(
            Deque<ShardSweep> waitingSweeps,
            List<Shard> runningShards,
            CompletionService<ShardOutcome> completedSweeps) {
        Iterator<ShardSweep> sweepIterator = waitingSweeps.iterator();
        while (sweepIterator.hasNext() && runningShards.size() < request.maxConcurrent()) {
            ShardSweep sweep = sweepIterator.next();
            String host = sweep.shard().primary().host();
            long runningOnHost = runningShards.stream()
                    .filter(shard -> shard.primary().host().equals(host))
                    .count();
            if (runningOnHost < request.maxPerHost()) {
                sweepIterator.remove();
                runningShards.add(sweep.shard());
                completedSweeps.submit(sweep);
            }
        }
    }

    /**
     * Returns the outcome of a sweep that has ended.
     *
     * @throws InterruptedException if the sweep was interrupted
     * @throws IllegalStateException if the sweep ended with an unexpected exception
     */
    private static ShardOutcome outcomeOf(Future<ShardOutcome> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException("the sweep of a shard failed unexpectedly: " + e.getCause(), e.getCause());
        }
    }
}
