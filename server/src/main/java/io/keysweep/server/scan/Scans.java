package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.control.Scope;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.ActiveScans;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.Instances;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Creates scans, each in one transaction with its first db-scheduler execution, so that no scan is stored without work.
 *
 * <p>A sweep is the part of a scan that visits one primary. An execution is db-scheduler's entry for one piece of work:
 * the only sweep of a server, or the plan of a cluster's first round. An instance has at most one active scan, that is,
 * one that waits or runs.
 *
 * <p>{@link ScanCreation} and the DCS API (the API of Huawei Cloud's Distributed Cache Service) create manual scans
 * here. The package {@code server.autoscan} creates automatic scans here. Thread-safe.
 */
@Service
public class Scans implements ActiveScans {

    private final ScanStore store;
    private final ScanTransitions transitions;
    private final InstanceStore instanceStore;
    private final Instances instances;
    private final RoundPlanner planner;
    private final Timeline timeline;
    private final InstructionStore instructions;
    private final ScanCeilings scanCeilings;
    private final ObjectProvider<Scheduler> scheduler;
    private final TransactionTemplate transaction;
    private final ServiceSettings settings;
    private final InstantSource clock;

    Scans(
            ScanStore store,
            ScanTransitions transitions,
            InstanceStore instanceStore,
            Instances instances,
            RoundPlanner planner,
            Timeline timeline,
            InstructionStore instructions,
            ScanCeilings scanCeilings,
            ObjectProvider<Scheduler> scheduler,
            TransactionTemplate transaction,
            ServiceSettings settings,
            InstantSource clock) {
        this.store = store;
        this.transitions = transitions;
        this.instanceStore = instanceStore;
        this.instances = instances;
        this.planner = planner;
        this.timeline = timeline;
        this.instructions = instructions;
        this.scanCeilings = scanCeilings;
        this.scheduler = scheduler;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Creates a manual scan with the timeout and the pace of the settings, lowered to the ceilings of the instance.
     * First connects to the server, checks that it can be swept, and stores the result as the last observation of the
     * instance.
     *
     * @param by id of the access key that requests the scan
     * @return the scan in the state {@code WAITING}
     * @throws RequestRefusedException if the instance has an active scan, or was removed
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be swept
     */
    public Scan createManual(Instance instance, String by) {
        return createManual(instance, by, settings.manualTimeout(), /* rateCeiling= */ null, scan -> {});
    }

    /**
     * Creates a manual scan with a given timeout and rate ceiling. First connects to the server, checks that it can be
     * swept, and stores the result as the last observation of the instance.
     *
     * @param by id of the access key that requests the scan
     * @param timeout maximum duration of the scan from its start, in whole seconds
     * @param rateCeiling maximum number of keys that each sweep visits per second, or null for no ceiling
     * @param inSameTransaction writes rows that belong to the scan; if it throws an exception, no scan is created
     * @return the scan in the state {@code WAITING}
     * @throws RequestRefusedException if the instance has an active scan, or was removed
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be swept
     */
    Scan createManual(
            Instance instance,
            String by,
            Duration timeout,
            @Nullable Long rateCeiling,
            Consumer<Scan> inSameTransaction) {
        // This first check refuses most requests without a connection to the server. The unique column
        // active_instance_id decides in the end.
        if (store.hasActiveScan(instance.id())) {
            throw activeScanRefusal(instance);
        }
        instances.inspect(instance);
        return create(instance, ScanType.MANUAL, by, /* why= */ null, timeout, rateCeiling, inSameTransaction);
    }

    /**
     * Creates a scan without a check of the server. Locks the row of the instance until the transaction ends, so the
     * instance is neither removed nor moved to another address before other transactions can see the scan.
     *
     * @param by id of the access key that creates the scan, or the name of the rule of the service that starts it
     * @param why why the scan is created, as a sentence for users, or null
     * @param timeout maximum duration of the scan from its start, in whole seconds
     * @param rateCeiling maximum number of keys that each sweep visits per second, or null for no ceiling
     * @return the scan in the state {@code WAITING}
     * @throws RequestRefusedException if the instance has an active scan, or was removed
     */
    public Scan create(
            Instance instance,
            ScanType type,
            String by,
            @Nullable String why,
            Duration timeout,
            @Nullable Long rateCeiling) {
        return create(instance, type, by, why, timeout, rateCeiling, scan -> {});
    }

    /**
     * Creates a scan without a check of the server, and writes further rows in the same transaction. The other
     * parameters are the same as in the method without {@code inSameTransaction}.
     *
     * @param inSameTransaction writes rows that belong to the scan, such as its pace. If it throws an exception, no
     *     scan is created. Afterwards the pace is lowered to the ceilings of the instance
     */
    public Scan create(
            Instance instance,
            ScanType type,
            String by,
            @Nullable String why,
            Duration timeout,
            @Nullable Long rateCeiling,
            Consumer<Scan> inSameTransaction) {
        Scan scan;
        try {
            scan = Objects.requireNonNull(transaction.execute(status -> {
                Instance lockedInstance = lock(instance);
                Ceilings ceilings = scanCeilings.ceilingsOf(instance.id());
                Scan createdScan =
                        newScan(lockedInstance, type, timeout, ScanCeilings.strictestRate(ceilings, rateCeiling));
                transitions.insert(createdScan);
                scanCeilings.assistIfAllowed(createdScan, lockedInstance, ceilings);
                audit(createdScan, instance);
                addToTimeline(createdScan, by, why);
                inSameTransaction.accept(createdScan);
                scanCeilings.applyToNew(createdScan, ceilings);
                planner.begin(createdScan);
                return createdScan;
            }));
        } catch (DuplicateKeyException e) {
            // The column active_instance_id is unique, so another request has created a scan of the instance in the
            // meantime.
            throw activeScanRefusal(instance);
        }
        // Without this call, db-scheduler would find the execution only at its next poll. The call follows the commit,
        // because other threads do not see the execution before.
        scheduler.getObject().triggerCheckForDueExecutions();
        return scan;
    }

    /** Reports a new scan to the audit log. */
    private static void audit(Scan scan, Instance instance) {
        AuditTrail.creation(
                new AuditResource(
                        "scan",
                        scan.id().toString(),
                        /* name= */ null,
                        instance.projectId(),
                        instance.id().toString()),
                new AuditFields()
                        .with("instanceId", instance.id())
                        .with("type", scan.type().wireName())
                        .with("timeoutSeconds", scan.timeout().toSeconds())
                        .with("rateCeiling", scan.rateCeiling()));
    }

    /**
     * Locks the row of an instance until the transaction ends, and returns the instance as it is now. Refuses the
     * request if the instance was removed in the meantime.
     */
    private Instance lock(Instance instance) {
        return instanceStore
                .lock(instance.projectId(), instance.id())
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
    }

    /** Creates a waiting scan with a new id, and stores nothing. */
    private Scan newScan(Instance instance, ScanType type, Duration timeout, @Nullable Long rateCeiling) {
        // The time is cut to milliseconds (the precision of its column), so that the scan equals the stored one.
        UUID id = UUID.randomUUID();
        return new Scan(
                id,
                instance.id(),
                type,
                ScanState.WAITING,
                timeout,
                rateCeiling,
                /* failure= */ null,
                /* createdAt= */ clock.instant().truncatedTo(ChronoUnit.MILLIS),
                /* startedAt= */ null,
                /* finishedAt= */ null,
                firstSweeps(id, instance.deployment()));
    }

    /** Creates the refusal of a scan because another scan of the instance is active. The message names that scan. */
    private RequestRefusedException activeScanRefusal(Instance instance) {
        // While a scan is active, no other scan can be created, so the active scan is the newest one. If it has just
        // ended, the message does not name it.
        Phrase advice = store.list(instance.id(), /* state= */ null, /* offset= */ 0, /* limit= */ 1).stream()
                .filter(scan -> scan.finishedAt() == null)
                .map(scan -> Phrase.of(
                        "The {0} scan {1} is {2}. Wait until it has ended, or cancel it.",
                        scan.type().wireName(), scan.id(), scan.state().wireName()))
                .findFirst()
                .orElse(Phrase.of("Wait until it has ended, or cancel it."));
        return RequestRefusedException.of(ErrorCode.SCAN_ACTIVE, advice);
    }

    /**
     * Begins the timeline (the events) of a new scan: adds its creation, and the current holds of its project and of
     * all projects, which keep the scan from running.
     */
    private void addToTimeline(Scan scan, String by, @Nullable String why) {
        timeline.add(TimelineEvent.of(scan.id(), EventType.CREATED, scan.createdAt(), by, why));
        ScanInstructions currentInstructions = instructions.find(scan.id()).orElseThrow();
        addHold(scan, Scope.PROJECT, currentInstructions.projectHold());
        addHold(scan, Scope.ALL, currentInstructions.globalHold());
    }

    private void addHold(Scan scan, Scope scope, @Nullable Intervention hold) {
        if (hold != null) {
            timeline.addHold(
                    TimelineEvent.of(scan.id(), EventType.HELD, scan.createdAt(), hold.by(), hold.why()),
                    scope.wireName());
        }
    }

    /**
     * Returns the sweeps that are known when the scan is created. A cluster has none yet, because its primaries are
     * discovered when the scan begins. Any other deployment has one.
     */
    private static List<SweepRecord> firstSweeps(UUID id, Deployment deployment) {
        return deployment instanceof Deployment.Cluster
                ? List.of()
                : List.of(SweepRecord.waiting(id, /* round= */ 1, deployment.label(), SlotSet.ALL));
    }

    @Override
    public boolean exists(UUID instanceId) {
        return store.hasActiveScan(instanceId);
    }
}
