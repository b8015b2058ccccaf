package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
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
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.SweepHandle;
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

/**
 * Does one execution on a thread of db-scheduler: claims a sweep, sweeps its primary from the last checkpoint, and settles
 * what becomes of the sweep. When the service stops, sweeps end at a checkpoint and the next worker continues them. A
 * thread is never interrupted for that, because H2 closes its file when a thread that uses it is interrupted.
 */
@Component
class SweepRunner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    private static final String STOPPED = "the service was stopped";

    private final SweptScans scans;
    private final SweepStore sweeps;
    private final InstanceStore instances;
    private final SweepEngine engine;
    private final RunningSweeps running;
    private final SweepSettlement settlement;
    private final InstantSource clock;
    private final Set<SweepControl> controls = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private volatile boolean started;

    /** A sweep that is claimed and may run. */
    private record Prepared(
            SweepAttempt attempt,
            SweepRecord sweep,
            SweptScan scan,
            Instant deadline,
            @Nullable Checkpoint checkpoint,
            SweepDecision decision) {}

    /** Says what came of a run. */
    private sealed interface RunResult {

        /** The engine has ended the sweep in good order. */
        record Reported(SweepReport report) implements RunResult {}

        /** The engine has refused to sweep the server. */
        record Refused(NodeRefusedException refusal) implements RunResult {}

        /** The run has ended with a fault of the program, which is in the log. */
        record Faulty() implements RunResult {}
    }

    SweepRunner(
            SweptScans scans,
            SweepStore sweeps,
            InstanceStore instances,
            SweepEngine engine,
            RunningSweeps running,
            SweepSettlement settlement,
            InstantSource clock) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.instances = instances;
        this.engine = engine;
        this.running = running;
        this.settlement = settlement;
        this.clock = clock;
    }

    /**
     * Does one execution.
     *
     * @param execution as this worker has picked it
     * @return what becomes of the execution
     */
    @SuppressWarnings("try") // The entry in the log's context is there to be closed, not to be used.
    CompletionHandler<Void> run(SweepKey key, Execution execution) {
        SweepControl control = new SweepControl();
        SweepHandle handle = running.newHandle(key.toString(), key.host(), key.scanId(), control);
        controls.add(control);
        try (var ignored = MDC.putCloseable("scanId", key.scanId().toString())) {
            return stopping ? settlement.leaveToNextWorker() : prepareAndRun(key, execution, control, handle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return settlement.leaveToNextWorker();
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return settlement.leaveToSuccessor();
        } finally {
            running.deregister(handle);
            controls.remove(control);
        }
    }

    private CompletionHandler<Void> prepareAndRun(
            SweepKey key, Execution execution, SweepControl control, SweepHandle handle) throws InterruptedException {
        Optional<SweptScan> scan = scans.findActive(key.scanId());
        if (scan.isEmpty()) {
            return settlement.abandon(key);
        }
        SweepRecord sweep = sweeps.find(key).orElseThrow();
        if (sweep.finished()) {
            return settlement.completeEnded(key);
        }
        SweepAttempt attempt = sweeps.claim(key, execution);
        SweepDecision decision = running.register(handle);
        if (decision instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, null, wait, scan.get().deadline());
        }
        Optional<Checkpoint> checkpoint = sweeps.lastCheckpoint(key);
        if (decision instanceof SweepDecision.End end) {
            if (checkpoint.isEmpty() || !checkpoint.get().stepsMayFollow()) {
                return settlement.end(attempt, () -> attempt.fail(end.failure()));
            }
            // A killed attempt may have reclaimed keys after its checkpoint. Only the server knows how many.
            control.cancel();
        }
        Optional<Instant> startedAt = scans.start(key.scanId(), now());
        if (startedAt.isEmpty()) {
            return settlement.abandon(key);
        }
        Prepared prepared = new Prepared(
                attempt,
                sweep,
                scan.get(),
                startedAt.get().plus(scan.get().timeout()),
                checkpoint.orElse(null),
                decision);
        return settle(prepared, run(prepared, control, handle), handle);
    }

    private RunResult run(Prepared prepared, SweepControl control, SweepHandle handle) throws InterruptedException {
        SweepAttempt attempt = prepared.attempt();
        String nodeId = attempt.key().nodeId();
        try {
            Deployment deployment = instances
                    .find(prepared.scan().instanceId())
                    .map(Instance::deployment)
                    .orElseThrow();
            SweepRequest request = SweepRequest.of(deployment, handle.pace())
                    .ofShard(deployment, shard(deployment, prepared.sweep()))
                    .withDeadline(prepared.deadline())
                    .resumingFrom(prepared.checkpoint());
            LOG.info("Sweep of {} begins, attempt {}", nodeId, attempt.number());
            return new RunResult.Reported(engine.sweep(request, control, new CheckpointWriter(attempt)));
        } catch (NodeRefusedException e) {
            return new RunResult.Refused(e);
        } catch (SupersededException | DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Sweep of {} failed", nodeId, e);
            return new RunResult.Faulty();
        }
    }

    private CompletionHandler<Void> settle(Prepared prepared, RunResult result, SweepHandle handle) {
        SweepAttempt attempt = prepared.attempt();
        return switch (result) {
            case RunResult.Reported(SweepReport report) ->
                settle(prepared, report, leaveReason(prepared, report, handle));
            case RunResult.Refused(NodeRefusedException refusal) -> settle(prepared, refusal);
            case RunResult.Faulty() ->
                settlement.end(attempt, () -> attempt.fail("Internal error; see the service's log."));
        };
    }

    private CompletionHandler<Void> settle(Prepared prepared, SweepReport report, @Nullable SweepDecision leaveReason) {
        SweepAttempt attempt = prepared.attempt();
        if (leaveReason instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, report.memory(), wait, prepared.deadline());
        }
        if (leaveReason == null && stopping && report.ending() == SweepReport.Ending.CANCELLED) {
            attempt.interrupted(report.memory(), STOPPED);
            return settlement.leaveToNextWorker();
        }
        LOG.info(
                "Sweep of {} ended {}: {} visited, {} reclaimed",
                attempt.key().nodeId(),
                report.ending(),
                report.visited(),
                report.reclaimed());
        String failure = failure(report, prepared.scan().timeout(), leaveReason);
        return settlement.end(attempt, () -> attempt.finish(report, failure));
    }

    private CompletionHandler<Void> settle(Prepared prepared, NodeRefusedException refusal) {
        SweepAttempt attempt = prepared.attempt();
        if (stopping) {
            attempt.interrupted(null, STOPPED);
            return settlement.leaveToNextWorker();
        }
        LOG.warn("Sweep of {} failed: {}", attempt.key().nodeId(), refusal.getMessage());
        // The keys of a primary that was handed over are swept where they are now.
        String refused = refusal.reason() == Reason.HANDED_OVER ? null : String.valueOf(refusal.getMessage());
        String failure = prepared.decision() instanceof SweepDecision.End end ? end.failure() : refused;
        return settlement.end(attempt, () -> attempt.fail(failure));
    }

    /** Returns why the sweep was made to leave its worker, or null if it was not. */
    private static @Nullable SweepDecision leaveReason(Prepared prepared, SweepReport report, SweepHandle handle) {
        if (report.ending() != SweepReport.Ending.CANCELLED) {
            return null;
        }
        return prepared.decision() instanceof SweepDecision.End end ? end : handle.leaveReason();
    }

    private static @Nullable Shard shard(Deployment deployment, SweepRecord sweep) {
        return deployment instanceof Deployment.Cluster
                ? new Shard(NodeAddress.parse(sweep.nodeId()), sweep.slots())
                : null;
    }

    private static @Nullable String failure(SweepReport report, Duration timeout, @Nullable SweepDecision leaveReason) {
        return switch (report.ending()) {
            case COMPLETED -> null;
            case TIMED_OUT -> "Timed out after " + timeout.toSeconds() + " s; what was reclaimed stays counted.";
            case CANCELLED -> leaveReason instanceof SweepDecision.End end ? end.failure() : "Cancelled.";
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void start() {
        started = true;
    }

    /** Ends all sweeps of this process at a checkpoint. */
    @Override
    public void stop() {
        stopping = true;
        controls.forEach(SweepControl::cancel);
        started = false;
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
