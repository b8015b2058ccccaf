package io.keysweep.server.autoscan;

import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.autoscan.EvictionStore.Evictions;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.Instances;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowGateFinder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Starts a scan of an instance whose memory runs short. The start policy of the instance says what a shortage is: used
 * memory has reached a percentage of the limit, or the server has evicted keys since the last check.
 *
 * <p>If memory runs short, a {@link StartCheck} decides whether a scan is worthwhile. If not, the start is recorded as
 * skipped. In three cases the shortage is ignored, and nothing is recorded:
 *
 * <ul>
 *   <li>a scan of the instance is active;
 *   <li>the quiet period (a time after the last scan, set by the start policy) is not over;
 *   <li>the windows (the times of the week when scans may run) are closed.
 * </ul>
 *
 * <p>The next check then finds the same evictions again.
 *
 * <p>{@link LowMemoryTask} calls this class every 60 s.
 */
@Component
final class LowMemoryStarter {

    private static final Logger LOG = LoggerFactory.getLogger(LowMemoryStarter.class);

    /**
     * The number of instances that are inspected at the same time. A server that does not answer then does not delay
     * all other instances.
     */
    private static final int MAX_PARALLEL = 8;

    private final StartPolicies policies;
    private final InstanceStore store;
    private final Instances instances;
    private final EvictionStore evictions;
    private final QuietPeriod quietPeriod;
    private final WindowGateFinder gates;
    private final StartCheck check;
    private final TriggeredStarts starts;
    private final InstantSource clock;

    LowMemoryStarter(
            StartPolicies policies,
            InstanceStore store,
            Instances instances,
            EvictionStore evictions,
            QuietPeriod quietPeriod,
            WindowGateFinder gates,
            StartCheck check,
            TriggeredStarts starts,
            InstantSource clock) {
        this.policies = policies;
        this.store = store;
        this.instances = instances;
        this.evictions = evictions;
        this.quietPeriod = quietPeriod;
        this.gates = gates;
        this.check = check;
        this.starts = starts;
        this.clock = clock;
    }

    /**
     * Inspects every instance whose start policy watches memory, and starts a scan of each instance whose memory runs
     * short. Returns when all instances were inspected, or early if the thread is interrupted. A failure of one
     * instance is logged, and does not keep other instances from being inspected.
     */
    void startWhereMemoryIsLow() {
        List<UUID> instanceIds = new ArrayList<>();
        List<Callable<@Nullable Void>> checks = new ArrayList<>();
        policies.findWatchingMemory().forEach((instanceId, policy) -> {
            instanceIds.add(instanceId);
            checks.add(() -> {
                store.find(instanceId).ifPresent(instance -> startIfMemoryIsLow(instance, policy));
                return null;
            });
        });
        try (ExecutorService threads =
                Executors.newFixedThreadPool(MAX_PARALLEL, Thread.ofVirtual().factory())) {
            List<Future<@Nullable Void>> finishedChecks = threads.invokeAll(checks);
            for (int i = 0; i < finishedChecks.size(); i++) {
                logFailure(instanceIds.get(i), finishedChecks.get(i));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void logFailure(UUID instanceId, Future<@Nullable Void> finishedCheck) throws InterruptedException {
        try {
            finishedCheck.get();
        } catch (ExecutionException e) {
            LOG.warn("Cannot check the memory of instance {}; the next check tries again", instanceId, e.getCause());
        }
    }

    /** Inspects one instance, and starts or skips a scan if its memory runs short. */
    private void startIfMemoryIsLow(Instance instance, StartPolicy policy) {
        List<PrimarySummary> primaries;
        try {
            primaries = instances.inspect(instance);
        } catch (NodeRefusedException e) {
            // inspect has stored the problem at the instance, where users see it.
            return;
        }

        Instant now = clock.instant();
        List<Evictions> evictionsNow = primaries.stream()
                .map(primary ->
                        new Evictions(primary.nodeId(), primary.profile().runId(), primary.evictedKeys(), now))
                .toList();
        Optional<String> shortage = MemoryShortage.find(policy, primaries, evictions.find(instance.id()), evictionsNow);

        // If no start was recorded, the counts are not saved, so that the next check finds these evictions again.
        if (shortage.isEmpty()) {
            evictions.save(instance.id(), evictionsNow);
        } else if (mayStart(instance, policy, now) && startOrSkip(instance, shortage.get(), now)) {
            evictions.save(instance.id(), evictionsNow);
        }
    }

    private boolean mayStart(Instance instance, StartPolicy policy, Instant now) {
        return !starts.isScanActive(instance.id())
                && !quietPeriod.includes(now, instance.id(), policy.quiet())
                && gates.find(instance.id()).isOpenTo(ScanType.AUTO, now);
    }

    /**
     * Starts a scan, or records that it was skipped because it is not worthwhile. Does neither if another scan of the
     * instance has just begun, and then returns false.
     */
    private boolean startOrSkip(Instance instance, String shortage, Instant now) {
        StartCheck.StartDecision decision = check.decide(instance);
        String reason = shortage + "; " + decision.reason();
        boolean isRecorded = starts.startForMemory(instance, now, decision.starts(), reason);
        if (isRecorded) {
            LOG.info("{} a scan of instance {}: {}", decision.starts() ? "Started" : "Skipped", instance.id(), reason);
        } else {
            LOG.info("Memory of instance {} runs short, but another scan of it has just begun", instance.id());
        }
        return isRecorded;
    }
}
