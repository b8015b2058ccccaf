package io.keysweep.server.autoscan;

import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.autoscan.EvictionStore.Evictions;
import io.keysweep.server.autoscan.Start.Cause;
import io.keysweep.server.autoscan.Start.Outcome;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowGate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Starts scans where memory runs short: used memory has reached its share of the limit, or keys were evicted since the
 * last look. Nothing starts while a scan is active, in the quiet time after one, or outside the windows; evictions seen
 * then still count afterwards.
 */
final class LowMemoryStarter {

    private static final Logger LOG = LoggerFactory.getLogger(LowMemoryStarter.class);

    /** Servers looked at side by side, so that one that hangs does not hold up the others. */
    private static final int AT_ONCE = 8;

    private final StartPolicies policies;
    private final InstanceStore instances;
    private final Function<Instance, List<PrimarySummary>> looks;
    private final EvictionStore seen;
    private final StartStore starts;
    private final Function<UUID, Optional<Scan>> newest;
    private final Function<UUID, WindowGate> gates;
    private final StartCheck check;
    private final Function<Instance, UUID> scans;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    LowMemoryStarter(
            StartPolicies policies,
            InstanceStore instances,
            Function<Instance, List<PrimarySummary>> looks,
            EvictionStore seen,
            StartStore starts,
            Function<UUID, Optional<Scan>> newest,
            Function<UUID, WindowGate> gates,
            StartCheck check,
            Function<Instance, UUID> scans,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.policies = policies;
        this.instances = instances;
        this.looks = looks;
        this.seen = seen;
        this.starts = starts;
        this.newest = newest;
        this.gates = gates;
        this.check = check;
        this.scans = scans;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Looks at every instance whose memory is watched. */
    void look() {
        List<Callable<@Nullable Void>> all = new ArrayList<>();
        policies.watchingMemory()
                .forEach((instanceId, policy) -> all.add(() -> {
                    instances.find(instanceId).ifPresent(instance -> look(instance, policy));
                    return null;
                }));
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (Future<@Nullable Void> done : threads.invokeAll(all)) {
                tell(done);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Future<@Nullable Void> done) throws InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            LOG.warn("Memory of an instance could not be watched", e.getCause());
        }
    }

    private void look(Instance instance, StartPolicy policy) {
        List<PrimarySummary> found;
        try {
            found = looks.apply(instance);
        } catch (NodeRefusedException e) {
            // The look has noted it at the instance.
            return;
        }
        Instant now = clock.instant();
        List<Evictions> current = found.stream()
                .map(primary ->
                        new Evictions(primary.nodeId(), primary.profile().runId(), primary.evictedKeys(), now))
                .toList();
        List<Evictions> before = seen.find(instance.id());
        String shortage = Stream.of(used(policy, found), evicted(policy, before, current))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (shortage == null) {
            save(instance, current);
        } else if (!check.previousActive(instance)
                && !quiet(instance, policy, now)
                && gates.apply(instance.id()).openTo(ScanType.AUTO, now)) {
            start(instance, shortage, now);
            save(instance, current);
        }
    }

    private void save(Instance instance, List<Evictions> current) {
        transaction.executeWithoutResult(status -> seen.save(instance.id(), current));
    }

    private static @Nullable String used(StartPolicy policy, List<PrimarySummary> found) {
        Integer threshold = policy.memoryPercent();
        if (threshold == null) {
            return null;
        }
        for (PrimarySummary primary : found) {
            double percent = primary.maxMemory() == 0 ? 0 : 100.0 * primary.usedMemory() / primary.maxMemory();
            if (percent >= threshold) {
                return "used memory of " + primary.nodeId() + " is " + Math.round(percent)
                        + " % of the limit (threshold " + threshold + " %)";
            }
        }
        return null;
    }

    private static @Nullable String evicted(StartPolicy policy, List<Evictions> before, List<Evictions> current) {
        if (!policy.evictions()) {
            return null;
        }
        for (Evictions now : current) {
            for (Evictions then : before) {
                if (then.sameProcess(now) && now.evictedKeys() > then.evictedKeys()) {
                    return now.evictedKeys() - then.evictedKeys() + " keys were evicted by " + now.nodeId() + " since "
                            + then.seenAt();
                }
            }
        }
        return null;
    }

    private boolean quiet(Instance instance, StartPolicy policy, Instant now) {
        return Stream.of(newest.apply(instance.id()).map(Scan::finishedAt), starts.lastByMemory(instance.id()))
                .flatMap(Optional::stream)
                .anyMatch(last -> last.plus(policy.quiet()).isAfter(now));
    }

    private void start(Instance instance, String shortage, Instant now) {
        StartCheck.StartDecision decision = check.worthwhile(instance);
        String reason = shortage + "; " + decision.reason();
        try {
            transaction.executeWithoutResult(status -> {
                UUID scanId = decision.starts() ? scans.apply(instance) : null;
                Outcome outcome = decision.starts() ? Outcome.STARTED : Outcome.SKIPPED;
                starts.add(
                        new Start(instance.id(), now, clock.instant(), Cause.MEMORY, outcome, reason, scanId),
                        /* passed= */ true);
            });
            LOG.info("Memory of {}: {}", instance.id(), reason);
        } catch (RequestRefusedException e) {
            LOG.info("Memory of {} runs short, and a scan has just begun", instance.id());
        }
    }
}
