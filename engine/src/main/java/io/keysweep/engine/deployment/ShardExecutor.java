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
     * @throws InterruptedException if the calling thread is interrupted; all sweeps have ended by then
     */
    List<ShardOutcome> run(SweepRound round) throws InterruptedException {
        listener.onRound(round);
        Deque<ShardSweep> waiting = new ArrayDeque<>();
        round.shards().forEach(shard -> waiting.add(shardSweep(round.number(), shard)));
        List<Shard> running = new ArrayList<>();
        List<ShardOutcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("keysweep-shard-", 1).factory())) {
            CompletionService<ShardOutcome> done = new ExecutorCompletionService<>(threads);
            try {
                while (outcomes.size() < round.shards().size()) {
                    startAllowed(waiting, running, done);
                    ShardOutcome outcome = outcomeOf(done.take());
                    running.remove(outcome.shard());
                    outcomes.add(outcome);
                }
            } finally {
                // After an exception, sweeps may still run; interrupting them ends them.
                threads.shutdownNow();
            }
        }
        return outcomes;
    }

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

    /** Starts waiting sweeps, in order, but passes over those whose host is already busy with others. */
    private void startAllowed(Deque<ShardSweep> waiting, List<Shard> running, CompletionService<ShardOutcome> done) {
        Iterator<ShardSweep> next = waiting.iterator();
        while (next.hasNext() && running.size() < request.maxConcurrent()) {
            ShardSweep sweep = next.next();
            String host = sweep.shard().primary().host();
            long onHost = running.stream()
                    .filter(shard -> shard.primary().host().equals(host))
                    .count();
            if (onHost < request.maxPerHost()) {
                next.remove();
                running.add(sweep.shard());
                done.submit(sweep);
            }
        }
    }

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
