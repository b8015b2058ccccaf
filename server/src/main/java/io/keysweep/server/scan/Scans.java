package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.ActiveScans;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.Instances;
import io.keysweep.server.sweep.SweepRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Creates scans with the executions that do their work, in one transaction. Safe to share. */
@Service
public class Scans implements ActiveScans {

    private final ScanStore store;
    private final Instances instances;
    private final RoundPlanner planner;
    private final ObjectProvider<Scheduler> scheduler;
    private final TransactionTemplate transaction;
    private final ServiceSettings settings;
    private final InstantSource clock;

    Scans(
            ScanStore store,
            Instances instances,
            RoundPlanner planner,
            ObjectProvider<Scheduler> scheduler,
            TransactionTemplate transaction,
            ServiceSettings settings,
            InstantSource clock) {
        this.store = store;
        this.instances = instances;
        this.planner = planner;
        this.scheduler = scheduler;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Creates a manual scan, after an inspection of the server.
     *
     * @throws RequestRefusedException if a scan of the instance is active
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be swept
     */
    public Scan createManual(Instance instance) {
        return createManual(instance, settings.manualTimeout(), null, scan -> {});
    }

    /**
     * Creates a manual scan with its own timeout and rate ceiling, after an inspection of the server.
     *
     * @param inSameTransaction writes what belongs to the scan; its exception keeps the scan from being created
     */
    Scan createManual(
            Instance instance, Duration timeout, @Nullable Long rateCeiling, Consumer<Scan> inSameTransaction) {
        if (store.activeExists(instance.id())) {
            throw RequestRefusedException.of(ErrorCode.SCAN_ACTIVE);
        }
        instances.inspect(instance);
        return create(instance, ScanType.MANUAL, timeout, rateCeiling, inSameTransaction);
    }

    /**
     * Creates a scan.
     *
     * @param rateCeiling most keys visited a second, or null
     * @throws RequestRefusedException if a scan of the instance is active
     */
    public Scan create(Instance instance, ScanType type, Duration timeout, @Nullable Long rateCeiling) {
        return create(instance, type, timeout, rateCeiling, scan -> {});
    }

    private Scan create(
            Instance instance,
            ScanType type,
            Duration timeout,
            @Nullable Long rateCeiling,
            Consumer<Scan> inSameTransaction) {
        UUID id = UUID.randomUUID();
        Scan scan = new Scan(
                id,
                instance.id(),
                type,
                ScanState.WAITING,
                timeout,
                rateCeiling,
                null,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                null,
                null,
                sweeps(id, instance.deployment()));
        try {
            transaction.executeWithoutResult(status -> {
                store.insert(scan);
                inSameTransaction.accept(scan);
                planner.begin(scan);
            });
        } catch (DuplicateKeyException e) {
            throw RequestRefusedException.of(ErrorCode.SCAN_ACTIVE);
        }
        scheduler.getObject().triggerCheckForDueExecutions();
        return scan;
    }

    /** The sweeps of a cluster are planned when the scan begins. */
    private static List<SweepRecord> sweeps(UUID id, Deployment deployment) {
        return deployment instanceof Deployment.Cluster
                ? List.of()
                : List.of(SweepRecord.waiting(id, 1, deployment.label(), SlotSet.ALL));
    }

    @Override
    public boolean exists(UUID instanceId) {
        return store.activeExists(instanceId);
    }
}
