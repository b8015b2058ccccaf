package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.server.control.Rein;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Does one execution: sweeps a primary from its last checkpoint to the end and settles the scan. Runs on db-scheduler's
 * threads; on shutdown the sweeps end at a checkpoint and are taken up by whoever comes next. Threads are never
 * interrupted for that: H2 closes its file under a thread that is.
 */
@Component
class SweepRunner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    private final ScanStore scans;
    private final SweepStore sweeps;
    private final InstanceStore instances;
    private final RoundPlanner planner;
    private final SweepEngine engine;
    private final RunningSweeps orders;
    private final InstantSource clock;
    private final Set<SweepControl> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private volatile boolean started;

    SweepRunner(
            ScanStore scans,
            SweepStore sweeps,
            InstanceStore instances,
            RoundPlanner planner,
            SweepEngine engine,
            RunningSweeps orders,
            InstantSource clock) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.instances = instances;
        this.planner = planner;
        this.engine = engine;
        this.orders = orders;
        this.clock = clock;
    }

    /** Runs one execution and says what becomes of it. */
    @SuppressWarnings("try") // The log's entry is there to be closed, not to be used.
    CompletionHandler<Void> run(SweepKey key) {
        SweepControl control = new SweepControl();
        running.add(control);
        try (var ignored = MDC.putCloseable("scanId", key.scanId().toString());
                Rein rein = orders.begin(key.scanId(), control)) {
            if (!stopping && !rein.resting() && sweep(key, control, rein)) {
                return (complete, operations) -> operations.remove();
            }
            if (!stopping) {
                return (complete, operations) -> operations.reschedule(complete, rein.again(clock.instant()));
            }
            LOG.info("Sweep of {} rests at its checkpoint until the service is back", key.nodeId());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return (complete, operations) -> {};
        } finally {
            running.remove(control);
        }
        return (complete, operations) -> operations.reschedule(complete, clock.instant());
    }

    /** Sweeps and settles; false if the service stops before that is done, or if a pause lasts. */
    private boolean sweep(SweepKey key, SweepControl control, Rein rein) throws InterruptedException {
        Optional<Scan> found = scans.find(key.scanId());
        if (found.isEmpty() || !found.get().state().active()) {
            return true;
        }
        scans.start(key.scanId(), now());
        Scan scan = scans.find(key.scanId()).orElseThrow();
        if (!scan.state().active()) {
            return true;
        }
        SweepRecord record = scan.sweeps().stream()
                .filter(sweep -> sweep.key().equals(key))
                .findFirst()
                .orElseThrow();
        if (record.finished()) {
            // A worker died between the end of the sweep and what follows from it.
            planner.settle(key.scanId());
            return true;
        }
        int attempt = sweeps.claim(key);
        try {
            if (rein.cancel() != null) {
                sweeps.fail(key, attempt, ScanCancel.failure(rein.cancel()));
                planner.settle(key.scanId());
                return true;
            }
            Instance instance = instances.find(scan.instanceId()).orElseThrow();
            SweepRequest request = SweepRequest.of(
                            instance.deployment(), shard(instance.deployment(), record), rein.pace())
                    .withDeadline(Objects.requireNonNull(scan.startedAt()).plus(scan.timeout()))
                    .resumingFrom(sweeps.lastCheckpoint(key).orElse(null));
            LOG.info("Sweep of {} begins, attempt {}", key.nodeId(), attempt);
            SweepReport report = engine.sweep(request, control, new CheckpointWriter(sweeps, key, attempt));
            if ((stopping || rein.resting()) && report.ending() == SweepReport.Ending.CANCELLED) {
                return false;
            }
            sweeps.finish(key, attempt, report, failure(report, scan.timeout(), rein));
            LOG.info(
                    "Sweep of {} ended {}: {} visited, {} reclaimed",
                    key.nodeId(),
                    report.ending(),
                    report.visited(),
                    report.reclaimed());
        } catch (NodeRefusedException e) {
            if (stopping) {
                return false;
            }
            LOG.warn("Sweep of {} failed: {}", key.nodeId(), e.getMessage());
            sweeps.fail(key, attempt, e.reason() == Reason.HANDED_OVER ? null : String.valueOf(e.getMessage()));
        } catch (SupersededException | DataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Sweep of {} failed", key.nodeId(), e);
            sweeps.fail(key, attempt, "Internal error; see the service's log.");
        }
        planner.settle(key.scanId());
        return true;
    }

    private static @Nullable Shard shard(Deployment deployment, SweepRecord sweep) {
        return deployment instanceof Deployment.Cluster
                ? new Shard(NodeAddress.parse(sweep.nodeId()), sweep.slots())
                : null;
    }

    private static @Nullable String failure(SweepReport report, Duration timeout, Rein rein) {
        return switch (report.ending()) {
            case COMPLETED -> null;
            case TIMED_OUT -> "Timed out after " + timeout.toSeconds() + " s; what was reclaimed stays counted.";
            case CANCELLED -> ScanCancel.failure(rein.cancel());
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        stopping = true;
        running.forEach(SweepControl::cancel);
        started = false;
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
