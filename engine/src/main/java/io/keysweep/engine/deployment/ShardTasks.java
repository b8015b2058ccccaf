package io.keysweep.engine.deployment;

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

/**
 * Runs a task for each of several shards side by side, within the concurrency limits of a {@link DeploymentRequest}.
 *
 * <p>A shard is the part of a cluster that one primary serves. The task of each shard has its own thread.
 */
public final class ShardTasks {

    private ShardTasks() {}

    /**
     * Works on one shard.
     *
     * @param <T> the type of the result
     */
    @FunctionalInterface
    public interface ShardTask<T> {

        /**
         * Works on a shard, on a thread of its own, and returns the result.
         *
         * @throws InterruptedException if the thread is interrupted
         */
        T run(Shard shard) throws InterruptedException;
    }

    /** Contains the result of the task of one shard. */
    private record ShardResult<T>(Shard shard, T result) {}

    /**
     * Runs a task for each shard, and returns when the last one has ended. Starts as many as the limits allow, in the
     * order of the list. Skips a shard for the moment if the limit for its host is reached.
     *
     * @param limits how many tasks may run at the same time, in all and for each host
     * @return one result for each shard, in the order in which the tasks ended
     * @throws InterruptedException if the calling thread or a task is interrupted; all tasks have ended by then
     * @throws IllegalStateException if a task ends with an unexpected exception, for example of a listener; the other
     *     tasks were interrupted and have ended
     */
    public static <T> List<T> run(DeploymentRequest limits, List<Shard> shards, ShardTask<T> task)
            throws InterruptedException {
        Deque<Shard> waitingShards = new ArrayDeque<>(shards);
        List<Shard> runningShards = new ArrayList<>();
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("keysweep-shard-", /* start= */ 1).factory())) {
            CompletionService<ShardResult<T>> completedTasks = new ExecutorCompletionService<>(threads);
            try {
                while (results.size() < shards.size()) {
                    startAllowed(limits, waitingShards, runningShards, task, completedTasks);
                    ShardResult<T> finished = resultOf(completedTasks.take());
                    runningShards.remove(finished.shard());
                    results.add(finished.result());
                }
            } finally {
                // After an exception, tasks may still run; interrupting them ends them.
                threads.shutdownNow();
            }
        }
        return results;
    }

    /** Starts the tasks of as many waiting shards as the limits allow. */
    private static <T> void startAllowed(
            DeploymentRequest limits,
            Deque<Shard> waitingShards,
            List<Shard> runningShards,
            ShardTask<T> task,
            CompletionService<ShardResult<T>> completedTasks) {
        Iterator<Shard> shards = waitingShards.iterator();
        while (shards.hasNext() && runningShards.size() < limits.maxConcurrent()) {
            Shard shard = shards.next();
            String host = shard.primary().host();
            long runningOnHost = runningShards.stream()
                    .filter(running -> running.primary().host().equals(host))
                    .count();
            if (runningOnHost < limits.maxPerHost()) {
                shards.remove();
                runningShards.add(shard);
                completedTasks.submit(() -> new ShardResult<>(shard, task.run(shard)));
            }
        }
    }

    /**
     * Returns the result of a task that has ended.
     *
     * @throws InterruptedException if the task was interrupted
     * @throws IllegalStateException if the task ended with an unexpected exception
     */
    private static <T> ShardResult<T> resultOf(Future<ShardResult<T>> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException("the work on a shard failed unexpectedly: " + e.getCause(), e.getCause());
        }
    }
}
