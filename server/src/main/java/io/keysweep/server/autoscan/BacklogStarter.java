package io.keysweep.server.autoscan;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowGateFinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Starts passes: automatic scans that keep the number of dead keys of an instance below its backlog target. Dead keys
 * are expired keys that still hold memory. A {@link PassPlan} decides when a pass is due and which share of the
 * server's time it may take.
 *
 * <p>All state is in the database, so any worker can continue where another one stopped. A pass that is due does not
 * start in three cases:
 *
 * <ul>
 *   <li>a scan of the instance is active;
 *   <li>the windows of the instance (the times of the week when its scans may run) are closed;
 *   <li>a scan of the instance has failed in the last minute.
 * </ul>
 */
@Component
final class BacklogStarter {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogStarter.class);

    /**
     * The interval between two checks of all instances. A pass that is due before the next check starts immediately.
     */
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /**
     * The time without passes after a failed scan. Otherwise scans that fail immediately would follow one another
     * without end.
     */
    private static final Duration DELAY_AFTER_FAILURE = Duration.ofMinutes(1);

    /**
     * The number of earlier passes from which a plan is calculated. Three passes give two rates at which keys die: one
     * for each pair of successive passes.
     */
    private static final int PASSES_PER_PLAN = 3;

    private final StartPolicies policies;
    private final InstanceStore instances;
    private final PassStore passes;
    private final WindowGateFinder gates;
    private final TriggeredStarts starts;
    private final CeilingFinder ceilings;
    private final PacePolicy settingsPace;
    private final InstantSource clock;

    BacklogStarter(
            StartPolicies policies,
            InstanceStore instances,
            PassStore passes,
            WindowGateFinder gates,
            TriggeredStarts starts,
            CeilingFinder ceilings,
            ServiceSettings settings,
            InstantSource clock) {
        this.policies = policies;
        this.instances = instances;
        this.passes = passes;
        this.gates = gates;
        this.starts = starts;
        this.ceilings = ceilings;
        this.settingsPace = settings.pace();
        this.clock = clock;
    }

    /**
     * Starts a pass of each instance that has a backlog target and whose pass is due before the next check. A failure
     * of one instance is logged, and does not keep other instances from their passes.
     */
    void startDuePasses() {
        policies.findWithBacklogTarget().forEach((instanceId, policy) -> {
            try {
                startIfDue(instanceId, Objects.requireNonNull(policy.backlogTarget()));
            } catch (RuntimeException e) {
                LOG.warn(
                        "Cannot check whether a pass over instance {} is due; the next check tries again",
                        instanceId,
                        e);
            }
        });
    }

    /** Starts a pass of one instance if its pass is due before the next check. */
    private void startIfDue(UUID instanceId, long target) {
        Instant now = clock.instant();
        if (!mayStart(instanceId, now)) {
            return;
        }
        double maxShare = ceilings.find(instanceId).lower(settingsPace).shareCeiling();
        PassPlan plan = PassPlan.next(passes.latest(instanceId, PASSES_PER_PLAN), target, maxShare, now);
        // A pass that is due soon is started now, because the next check would be too late: the backlog could exceed
        // the target.
        boolean isDueBeforeNextCheck = !plan.notBefore().isAfter(now.plus(CHECK_INTERVAL));
        if (isDueBeforeNextCheck) {
            instances.find(instanceId).ifPresent(instance -> start(instance, plan, target, now));
        }
    }

    private boolean mayStart(UUID instanceId, Instant now) {
        return !starts.isScanActive(instanceId)
                && gates.find(instanceId).isOpenTo(ScanType.AUTO, now)
                && passes.latestFailureAfter(instanceId, now.minus(DELAY_AFTER_FAILURE))
                        .isEmpty();
    }

    private void start(Instance instance, PassPlan plan, long target, Instant now) {
        // A pass that starts ahead of its due time is recorded as due now, never as due in the future.
        Instant dueAt = plan.notBefore().isBefore(now) ? plan.notBefore() : now;
        if (!starts.startPass(instance, dueAt, new PassLimits(plan.share(), target), plan.reason())) {
            LOG.info("Started no pass over instance {}, because another scan of it has just begun", instance.id());
        }
    }
}
