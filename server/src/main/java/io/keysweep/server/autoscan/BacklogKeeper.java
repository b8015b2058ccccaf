package io.keysweep.server.autoscan;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowGates;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Holds the backlog of instances under their targets by passes that follow one another. What it decides by is in the
 * database, so that any worker goes on where another has left off. Nothing starts while a scan is active or outside the
 * windows.
 */
@Component
final class BacklogKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogKeeper.class);

    /** How often there is a look; a pass that is due before the next one starts now. */
    static final Duration EVERY = Duration.ofSeconds(5);

    /** How long after a scan that failed the next pass waits. */
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    /** Passes that a plan is made from. */
    private static final int PASSES = 3;

    private final StartPolicies policies;
    private final InstanceStore instances;
    private final PassStore passes;
    private final StartStore starts;
    private final WindowGates gates;
    private final UnscheduledScans scans;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    BacklogKeeper(
            StartPolicies policies,
            InstanceStore instances,
            PassStore passes,
            StartStore starts,
            WindowGates gates,
            UnscheduledScans scans,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.policies = policies;
        this.instances = instances;
        this.passes = passes;
        this.starts = starts;
        this.gates = gates;
        this.scans = scans;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Starts the passes that are due. */
    void look() {
        policies.withBacklogTarget()
                .forEach(
                        (instanceId, policy) -> startIfDue(instanceId, Objects.requireNonNull(policy.backlogTarget())));
    }

    private void startIfDue(UUID instanceId, long target) {
        Instant now = clock.instant();
        if (scans.active(instanceId)
                || !gates.of(instanceId).openTo(ScanType.AUTO, now)
                || passes.failedSince(instanceId, now.minus(AFTER_FAILURE)).isPresent()) {
            return;
        }
        PassPlan plan = PassPlan.next(passes.latest(instanceId, PASSES), target, scans.highestShare(), now);
        if (plan.notBefore().isAfter(now.plus(EVERY))) {
            return;
        }
        instances.find(instanceId).ifPresent(instance -> start(instance, plan, now));
    }

    private void start(Instance instance, PassPlan plan, Instant now) {
        try {
            transaction.executeWithoutResult(status -> starts.add(
                    new Start(
                            instance.id(),
                            plan.notBefore().isBefore(now) ? plan.notBefore() : now,
                            now,
                            Start.Cause.BACKLOG,
                            Start.Outcome.STARTED,
                            plan.reason(),
                            scans.start(instance, plan.share())),
                    /* passed= */ false));
        } catch (RequestRefusedException e) {
            LOG.info("A scan of {} has just begun", instance.id());
        }
    }
}
