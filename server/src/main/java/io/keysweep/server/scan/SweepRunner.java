package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.server.budget.Permits;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.SweepHandle;
import io.keysweep.server.control.WakeUps;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does one execution: sweeps a primary from its last checkpoint to the end and settles the scan. Runs on db-scheduler's
 * threads; on shutdown the sweeps end at a checkpoint and are taken up by whoever comes next, and so they do when
 * something holds them. Threads are never interrupted for that: H2 closes its file under a thread that is.
 */
@Component
class SweepRunner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    private static final String STOPPED = "the service was stopped";

    private final ScanStore scans;
    private final SweepStore sweeps;
    private final InstanceStore instances;
    private final RoundPlanner planner;
    private final SweepEngine engine;
    private final RunningSweeps orders;
    private final InstantSource clock;
    private final Permits permits;
    private final WakeUps wakeUps;
    private final TransactionTemplate transaction;
    private final HoldHistory history;
    private final RunHistory runs;
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
            InstantSource clock,
            Permits permits,
            WakeUps wakeUps,
            TransactionTemplate transaction,
            HoldHistory history,
            RunHistory runs) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.instances = instances;
        this.planner = planner;
        this.engine = engine;
        this.orders = orders;
        this.clock = clock;
        this.permits = permits;
        this.wakeUps = wakeUps;
        this.transaction = transaction;
        this.history = history;
        this.runs = runs;
    }

    /**
     * Runs one execution and says what becomes of it.
     *
     * @param version of the execution, as this worker has taken it up
     */
    @SuppressWarnings("try") // The log's entry is there to be closed, not to be used.
    CompletionHandler<Void> run(SweepKey key, long version) {
        SweepControl control = new SweepControl();
        running.add(control);
        try (var ignored = MDC.putCloseable("scanId", key.scanId().toString());
                SweepHandle sweepHandle = orders.sweepHandle(key.toString(), key.host(), key.scanId(), control)) {
            return stopping ? again() : sweep(key, version, control, sweepHandle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return again();
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return (complete, operations) -> {};
        } finally {
            running.remove(control);
        }
    }

    /** Sweeps and settles, or rests: for whoever comes next where the service stops, for later where something holds. */
    private CompletionHandler<Void> sweep(SweepKey key, long version, SweepControl control, SweepHandle sweepHandle)
            throws InterruptedException {
        Optional<Scan> found = scans.find(key.scanId());
        if (found.isEmpty() || !found.get().state().active()) {
            return over(key);
        }
        SweepRecord record = found.get().sweeps().stream()
                .filter(sweep -> sweep.key().equals(key))
                .findFirst()
                .orElseThrow();
        if (record.finished()) {
            // A worker died between the end of the sweep and what follows from it.
            planner.settle(key);
            return over(key);
        }
        int attempt = sweeps.claim(key, version);
        runs.taken(key, attempt);
        SweepDecision decision = sweepHandle.decision();
        if (decision instanceof SweepDecision.Wait rest) {
            return rest(key, attempt, found.get(), rest);
        }
        Optional<Checkpoint> checkpoint = sweeps.lastCheckpoint(key);
        if (decision instanceof SweepDecision.End end) {
            if (checkpoint.isEmpty() || !checkpoint.get().stepsMayFollow()) {
                return end(key, attempt, () -> sweeps.fail(key, attempt, end.failure()));
            }
            // What an attempt that was killed has reclaimed after its checkpoint only the server can tell.
            control.cancel();
        }
        scans.start(key.scanId(), now());
        Scan scan = scans.find(key.scanId()).orElseThrow();
        if (!scan.state().active()) {
            return over(key);
        }
        Runnable writing;
        try {
            Instance instance = instances.find(scan.instanceId()).orElseThrow();
            SweepRequest request = SweepRequest.of(instance.deployment(), sweepHandle.pace())
                    .ofShard(instance.deployment(), shard(instance.deployment(), record))
                    .withDeadline(scan.deadline())
                    .resumingFrom(checkpoint.orElse(null));
            LOG.info("Sweep of {} begins, attempt {}", key.nodeId(), attempt);
            SweepReport report =
                    engine.sweep(request, control, new CheckpointWriter(sweeps, runs, history, key, attempt));
            SweepDecision left = report.ending() != SweepReport.Ending.CANCELLED
                    ? null
                    : decision instanceof SweepDecision.End ? decision : sweepHandle.left();
            if (left instanceof SweepDecision.Wait rest) {
                runs.ended(key, attempt, report.memory());
                return rest(key, attempt, scan, rest);
            }
            if (left == null && stopping && report.ending() == SweepReport.Ending.CANCELLED) {
                runs.interrupted(key, attempt, report.memory(), STOPPED);
                return again();
            }
            LOG.info(
                    "Sweep of {} ended {}: {} visited, {} reclaimed",
                    key.nodeId(),
                    report.ending(),
                    report.visited(),
                    report.reclaimed());
            writing = () -> {
                runs.ended(key, attempt, report.memory());
                sweeps.finish(key, attempt, report, failure(report, scan.timeout(), left));
            };
        } catch (NodeRefusedException e) {
            if (stopping) {
                runs.interrupted(key, attempt, null, STOPPED);
                return again();
            }
            LOG.warn("Sweep of {} failed: {}", key.nodeId(), e.getMessage());
            String refused = e.reason() == Reason.HANDED_OVER ? null : String.valueOf(e.getMessage());
            String failure = decision instanceof SweepDecision.End end ? end.failure() : refused;
            writing = () -> sweeps.fail(key, attempt, failure);
        } catch (SupersededException | DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Sweep of {} failed", key.nodeId(), e);
            writing = () -> sweeps.fail(key, attempt, "Internal error; see the service's log.");
        }
        return end(key, attempt, writing);
    }

    /** Leaves the sweep at its checkpoint for whoever comes next; it keeps its permit. */
    private CompletionHandler<Void> again() {
        return (complete, operations) -> operations.reschedule(complete, clock.instant());
    }

    /** Ends a sweep that has no end to be written any more. */
    private CompletionHandler<Void> over(SweepKey key) {
        transaction.executeWithoutResult(status -> permits.release(key.toString()));
        return (complete, operations) -> {
            operations.remove();
            wakeUps.look();
        };
    }

    /** Ends a sweep and its hold and gives back its permit, all or nothing, and has the scan go on. */
    private CompletionHandler<Void> end(SweepKey key, int attempt, Runnable writing) {
        transaction.executeWithoutResult(status -> {
            writing.run();
            history.note(key, attempt, null);
            permits.release(key.toString());
        });
        planner.settle(key);
        return (complete, operations) -> {
            operations.remove();
            wakeUps.look();
        };
    }

    /** Leaves the sweep at its checkpoint, without permit and worker, until what it rests by may be over. */
    private CompletionHandler<Void> rest(SweepKey key, int attempt, Scan scan, SweepDecision.Wait rest) {
        transaction.executeWithoutResult(status -> {
            if (!sweeps.held(key, attempt, rest.reason())) {
                throw new SupersededException(key, attempt);
            }
            permits.releaseWhileWaiting(key.toString());
        });
        history.note(key, attempt, rest.reason());
        Instant next = WaitingExecution.latest(scan, rest, now());
        LOG.info("Sweep of {} rests, {}", key.nodeId(), rest.reason());
        return WaitingExecution.until(next, id -> {
            wakeUps.look();
            orders.lookAgain(id, key.host(), key.scanId(), rest.reason());
        });
    }

    private static @Nullable Shard shard(Deployment deployment, SweepRecord sweep) {
        return deployment instanceof Deployment.Cluster
                ? new Shard(NodeAddress.parse(sweep.nodeId()), sweep.slots())
                : null;
    }

    private static @Nullable String failure(SweepReport report, Duration timeout, @Nullable SweepDecision left) {
        return switch (report.ending()) {
            case COMPLETED -> null;
            case TIMED_OUT -> "Timed out after " + timeout.toSeconds() + " s; what was reclaimed stays counted.";
            case CANCELLED -> left instanceof SweepDecision.End end ? end.failure() : "Cancelled.";
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
