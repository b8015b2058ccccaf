package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.worker.ExecutionWakeUp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads, changes and removes the schedules of instances, for the native API, the DCS API and fleet documents.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>A schedule says when automatic scans of an instance start. An execution (db-scheduler's entry for a piece of work)
 * starts them. Both are stored in one transaction, so neither exists without the other. Every change raises the version
 * of the schedule and creates an execution for this version; executions of earlier versions remove themselves.
 */
@Service
public class Schedules {

    private final AutoScanStore store;
    private final InstanceStore instances;
    private final CeilingFinder ceilings;
    private final ObjectProvider<Scheduler> scheduler;
    private final InstantSource clock;

    Schedules(
            AutoScanStore store,
            InstanceStore instances,
            CeilingFinder ceilings,
            ObjectProvider<Scheduler> scheduler,
            InstantSource clock) {
        this.store = store;
        this.instances = instances;
        this.ceilings = ceilings;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /**
     * Returns the configuration of an instance, or empty if none was ever set. A removed configuration is returned
     * without values, see {@link AutoScanConfig#isSet}.
     */
    public Optional<AutoScanConfig> find(Instance instance) {
        return store.find(instance.id());
    }

    /**
     * Changes the schedule of an instance and returns the new configuration. Simultaneous changes happen one after
     * another.
     *
     * <p>Also records the change in the audit log, and if the schedule is enabled, adds its execution.
     *
     * @param wording the API whose words the exception uses
     * @param expected the version that the caller has read, 0 if there was no schedule; null to change any version
     * @throws RequestRefusedException if the change breaks a rule or is above a ceiling (a value of the pace that no
     *     scan may exceed without approval), or another request has changed the version or removed the instance
     */
    @Transactional
    public AutoScanConfig change(
            Instance instance, AutoScanChange change, AutoScanWording wording, @Nullable Integer expected) {
        return change(instance, change, wording, expected, clock.instant());
    }

    /**
     * Changes the schedule of an instance, for a request that took a while to check. The other parameters are as in the
     * method without {@code received}.
     *
     * @param received when the request was received; the first start must be later
     */
    @Transactional
    public AutoScanConfig change(
            Instance instance,
            AutoScanChange change,
            AutoScanWording wording,
            @Nullable Integer expected,
            Instant received) {
        AutoScanConfig previous = lockAndRead(instance, expected);
        AutoScanConfig config = AutoScanRules.apply(instance.id(), previous, change, received, wording);
        requireBelowCeiling(instance, change, wording);
        store.save(config);
        recordChange(instance, previous, config);
        if (config.enabled()) {
            addExecution(config);
        }
        return config;
    }

    /** Adds the execution of an enabled configuration. */
    private void addExecution(AutoScanConfig config) {
        String id = AutoScanTask.id(config);
        // A first start in the past makes the execution due now. It then calculates when the next start is due.
        Instant firstStart = Objects.requireNonNull(config.firstScanAt());
        boolean wasAdded = scheduler
                .getObject()
                .scheduleIfNotExists(AutoScanTask.AUTOSCAN.instance(id).build(), firstStart);
        if (!wasAdded) {
            // The execution of an earlier instance with the same id still exists, due at another time. It is made due
            // now, so that it calculates when the next start of this schedule is due.
            ExecutionWakeUp.wake(scheduler.getObject(), AutoScanTask.AUTOSCAN.instanceId(id), clock.instant());
        }
    }

    /**
     * Requires that the rate of a requested COUNT is not above the ceiling of the instance. The lowest COUNT is always
     * allowed, so that schedules are possible below any ceiling. The pace of their scans is lowered to the ceiling.
     */
    private void requireBelowCeiling(Instance instance, AutoScanChange change, AutoScanWording wording) {
        Integer count = change.scanKeysCount();
        Ceilings.Tightest<Long> ceiling = ceilings.find(instance.id()).rate();
        if (count == null || ceiling == null) {
            return;
        }
        long maxCount =
                Math.max(AutoScanRules.MIN_SCAN_KEYS_COUNT, ceiling.value() / AutoScanConfig.SCAN_CALLS_PER_SECOND);
        if (count > maxCount) {
            Ceilings.refuse(List.of(Ceilings.problem(
                    wording.fieldName(AutoScanWording.ScheduleField.SCAN_KEYS_COUNT),
                    count.toString(),
                    Long.toString(maxCount),
                    ceiling)));
        }
    }

    /**
     * Removes the schedule of an instance, if there is one, and records that in the audit log. Scans that the schedule
     * has started continue.
     *
     * @param expected the version that the caller has read, 0 if there was no schedule; null to remove any version
     * @throws RequestRefusedException if another request has changed the version
     */
    @Transactional
    public void remove(Instance instance, @Nullable Integer expected) {
        AutoScanConfig previous = lockAndRead(instance, expected);
        if (previous != null) {
            // The row is kept, without values, so that executions of earlier versions see the new version and remove
            // themselves.
            recordChange(instance, previous, /* after= */ null);
            store.save(new AutoScanConfig(
                    instance.id(),
                    /* enabled= */ false,
                    /* firstScanAt= */ null,
                    /* interval= */ null,
                    /* timeout= */ null,
                    /* scanKeysCount= */ null,
                    previous.version() + 1,
                    /* lastDue= */ null,
                    clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        }
    }

    /** Reports a change to the audit log. A schedule that was removed before is treated as no schedule. */
    private static void recordChange(
            Instance instance, @Nullable AutoScanConfig before, @Nullable AutoScanConfig after) {
        AuditTrail.change(
                new AuditResource("schedule", instance.id().toString(), instance.name(), instance.projectId()),
                before == null || !before.isSet() ? null : fields(before),
                after == null ? null : fields(after));
    }

    private static AuditFields fields(AutoScanConfig config) {
        Duration interval = config.interval();
        Duration timeout = config.timeout();
        return new AuditFields()
                .with("enabled", config.enabled())
                .with("firstScanAt", config.firstScanAt())
                .with("intervalSeconds", interval == null ? null : interval.toSeconds())
                .with("timeoutSeconds", timeout == null ? null : timeout.toSeconds())
                .with("scanKeysCount", config.scanKeysCount());
    }

    /**
     * Locks the row of the instance until the transaction ends, and returns the current configuration, or null if there
     * is none.
     *
     * @throws RequestRefusedException if the version is not {@code expected}, or if the instance was removed
     */
    private @Nullable AutoScanConfig lockAndRead(Instance instance, @Nullable Integer expected) {
        if (!instances.lock(instance.id())) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE);
        }
        AutoScanConfig previous = store.find(instance.id()).orElse(null);
        int version = previous == null ? 0 : previous.version();
        if (expected != null && expected != version) {
            throw EntityTag.stale(expected, version, "the schedule");
        }
        return previous;
    }

    /**
     * Wakes the executions of the affected instances when windows change. Windows are the times of the week when scans
     * may run. A start that waits for a window can then begin, and every other execution calculates again when its next
     * start is due.
     */
    @EventListener
    public void onWindowsChange(PolicyChanged change) {
        if (change.kind() == PolicyKind.WINDOWS) {
            store.findEnabled(change.projectId(), change.instanceId())
                    .forEach(config -> ExecutionWakeUp.wake(
                            scheduler.getObject(),
                            AutoScanTask.AUTOSCAN.instanceId(AutoScanTask.id(config)),
                            clock.instant()));
        }
    }
}
