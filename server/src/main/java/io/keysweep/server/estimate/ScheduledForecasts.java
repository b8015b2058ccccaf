package io.keysweep.server.estimate;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes a forecast for every instance, so that webhooks and metrics warn of cliffs without a request.
 *
 * <p>A forecast says when the current keys of an instance die, that is, reach the end of their TTL. A cliff is a time
 * in which far more keys die than around it. The forecast is part of an estimate on replicas, which replaces the last
 * estimate. An instance whose primaries have no readable replica gets none, because a sample of a primary removes the
 * expired keys in the sample.
 *
 * <p>{@link ForecastTask} calls this class at the interval of the settings.
 */
@Component
final class ScheduledForecasts {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledForecasts.class);

    /** The number of forecasts that are made at the same time, each of which may take tens of seconds. */
    private static final int MAX_PARALLEL = 4;

    private final InstanceStore instances;
    private final Estimates estimates;

    ScheduledForecasts(InstanceStore instances, Estimates estimates) {
        this.instances = instances;
        this.estimates = estimates;
    }

    /**
     * Makes a forecast for each instance, and returns when all are made, or early if the thread is interrupted. A
     * failure of one instance is logged, and does not keep other instances from their forecasts.
     *
     * @param isStopping whether the service stops; no further forecast begins then
     */
    void makeAll(BooleanSupplier isStopping) {
        List<UUID> instanceIds = instances.ids();
        List<Callable<@Nullable Void>> tasks = new ArrayList<>();
        for (UUID instanceId : instanceIds) {
            tasks.add(() -> {
                if (!isStopping.getAsBoolean()) {
                    make(instanceId);
                }
                return null;
            });
        }
        try (ExecutorService threads =
                Executors.newFixedThreadPool(MAX_PARALLEL, Thread.ofVirtual().factory())) {
            List<Future<@Nullable Void>> finishedTasks = threads.invokeAll(tasks);
            for (int i = 0; i < finishedTasks.size(); i++) {
                logFailure(instanceIds.get(i), finishedTasks.get(i));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes the forecast of one instance; does nothing if the instance was removed or cannot be estimated. */
    private void make(UUID instanceId) {
        instances.find(instanceId).ifPresent(instance -> {
            try {
                estimates.makeForecast(instance);
            } catch (RequestRefusedException | NodeRefusedException e) {
                // Nobody has asked for this forecast. Users see the reason when they estimate the instance themselves.
                LOG.debug("Made no forecast for instance {}: {}", instanceId, e.getMessage());
            }
        });
    }

    private static void logFailure(UUID instanceId, Future<@Nullable Void> finishedTask) throws InterruptedException {
        try {
            finishedTask.get();
        } catch (ExecutionException e) {
            LOG.warn("Cannot make a forecast for instance {}; the next round tries again", instanceId, e.getCause());
        }
    }
}
