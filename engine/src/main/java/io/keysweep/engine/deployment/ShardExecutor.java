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
 * The shards of one round, swept side by side as far as the limits of the request go.
 *
 * @param oneAtATime held while the listener is told
 */
record ShardExecutor(
        SweepEngine engine,
        DeploymentRequest request,
        Deployment deployment,
        SweepControl control,
        DeploymentListener listener,
        ReentrantLock oneAtATime) {

    /**
     * Sweeps them all.
     *
     * @throws InterruptedException if the calling thread is interrupted; all sweeps have ended
     */
    List<ShardOutcome> run(SweepRound round) throws InterruptedException {
        listener.onRound(round);
        Deque<ShardSweep> waiting = new ArrayDeque<>();
        round.shards().forEach(shard -> waiting.add(run(round.number(), shard)));
        List<Shard> running = new ArrayList<>();
        List<ShardOutcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("keysweep-shard-", 1).factory())) {
            CompletionService<ShardOutcome> done = new ExecutorCompletionService<>(threads);
            try {
                while (outcomes.size() < round.shards().size()) {
                    startWhatMay(waiting, running, done);
                    ShardOutcome outcome = get(done.take());
                    running.remove(outcome.shard());
                    outcomes.add(outcome);
                }
            } finally {
                // Of use only where this is left early: then the sweeps still running are to end as well.
                threads.shutdownNow();
            }
        }
        return outcomes;
    }

    private ShardSweep run(int round, Shard shard) {
        return new ShardSweep(
                engine, request.each().ofShard(deployment, shard), control, event -> tell(shard, event), round, shard);
    }

    private void tell(Shard shard, SweepEvent event) {
        oneAtATime.lock();
        try {
            listener.onEvent(shard, event);
        } finally {
            oneAtATime.unlock();
        }
    }

    private void startWhatMay(Deque<ShardSweep> waiting, List<Shard> running, CompletionService<ShardOutcome> done) {
        Iterator<ShardSweep> next = waiting.iterator();
        while (next.hasNext() && running.size() < request.mostAtATime()) {
            ShardSweep run = next.next();
            String host = run.shard().primary().host();
            long onHost = running.stream()
                    .filter(shard -> shard.primary().host().equals(host))
                    .count();
            if (onHost < request.mostPerHost()) {
                next.remove();
                running.add(run.shard());
                done.submit(run);
            }
        }
    }

    private static ShardOutcome get(Future<ShardOutcome> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException("the sweep of a shard broke: " + e.getCause(), e.getCause());
        }
    }
}
