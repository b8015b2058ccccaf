package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.SweepHandle;
import io.keysweep.server.tracing.RunSpan;
import io.keysweep.server.tracing.Traces;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Carries out the db-scheduler executions that sweep a primary, each on a thread of db-scheduler.
 *
 * <p>A sweep is the part of a scan that visits one primary. An execution is db-scheduler's entry for the sweep. The
 * runner claims the sweep, lets the engine sweep from the last checkpoint (the stored positions and counts), and then
 * ends the sweep or leaves it for later.
 *
 * <p>When the service stops, each sweep ends at a checkpoint, from which the next worker continues. Threads are not
 * interrupted for that, because H2 closes its file if a thread that uses it is interrupted.
 */
@Component
class SweepRunner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    private final SweptScans scans;
    private final SweepStore sweeps;
    private final EngineRuns engineRuns;
    private final AssistPhase assist;
    private final RunningSweeps running;
    private final SweepSettlement settlement;
    private final RunSettlement runSettlement;
    private final Traces traces;
    private final InstantSource clock;

    /** Controls of the executions that this process carries out, by which {@link #stop} ends them. */
    private final Set<SweepControl> controls = ConcurrentHashMap.newKeySet();

    private volatile boolean isStopping;
    private volatile boolean isStarted;

    SweepRunner(
            SweptScans scans,
            SweepStore sweeps,
            EngineRuns engineRuns,
            AssistPhase assist,
            RunningSweeps running,
            SweepSettlement settlement,
            Traces traces,
            InstantSource clock) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.engineRuns = engineRuns;
        this.assist = assist;
        this.running = running;
        this.settlement = settlement;
        this.runSettlement = new RunSettlement(settlement, clock);
        this.traces = traces;
        this.clock = clock;
    }

    /**
     * Carries out one execution, on the thread of the caller. Returns when the sweep has ended or must leave this
     * worker.
     *
     * @param execution execution in the version that this worker has picked
     * @return what db-scheduler must do with the execution: remove it, run it again later, or leave it to the worker
     *     that has claimed the sweep since
     * @throws org.springframework.dao.DataAccessException if the database fails; db-scheduler then repeats the
     *     execution
     */
    @SuppressWarnings("try") // The entry in the log's context is there to be closed, not to be used.
    CompletionHandler<Void> run(SweepKey key, Execution execution) {
        SweepControl control = new SweepControl();
        SweepHandle handle = running.newHandle(key.toString(), key.host(), key.scanId(), control);
        // The control is added before isStopping is read, so that a stop either cancels this control or is noticed
        // below.
        controls.add(control);
        try (var ignored = MDC.putCloseable("scanId", key.scanId().toString())) {
            return isStopping ? settlement.leaveToNextWorker() : prepareAndRun(key, execution, control, handle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return settlement.leaveToNextWorker();
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return settlement.leaveToClaimingWorker();
        } finally {
            running.deregister(handle);
            controls.remove(control);
        }
    }

    /**
     * Ends a sweep as failed, because its execution has ended in an exception too often. For example, the database
     * refuses what the sweep writes. The sweep keeps the counts of its last checkpoint.
     *
     * @param execution execution in the version that this worker has picked
     * @return what db-scheduler must do with the execution: remove it, or leave it to the worker that has claimed the
     *     sweep since
     * @throws RuntimeException if the sweep cannot be ended either
     */
    CompletionHandler<Void> fail(SweepKey key, Execution execution) {
        LOG.error("Sweep of {} is ended as failed, because it ends in an exception again and again", key.nodeId());
        try {
            Optional<ClaimedSweep> claimedSweep = sweeps.claim(key, execution);
            if (claimedSweep.isEmpty()) {
                return settlement.completeEnded(key);
            }
            SweepAttempt attempt = claimedSweep.get().attempt();
            return settlement.end(attempt, () -> attempt.fail(RunSettlement.INTERNAL_ERROR));
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return settlement.leaveToClaimingWorker();
        }
    }

    /**
     * Claims the sweep, runs it and settles the result. A sweep is not run if it has ended, if its scan has ended, or
     * if it must wait. A sweep that must end is run only if keys of an earlier run are not counted yet.
     */
    private CompletionHandler<Void> prepareAndRun(
            SweepKey key, Execution execution, SweepControl control, SweepHandle handle) throws InterruptedException {
        Optional<SweptScan> activeScan = scans.findActive(key.scanId());
        if (activeScan.isEmpty()) {
            return settlement.abandon(key);
        }

        SweptScan scan = activeScan.get();
        Optional<ClaimedSweep> claimedSweep = sweeps.claim(key, execution);
        if (claimedSweep.isEmpty()) {
            // A worker died after it had stored the end of the sweep, but before it removed the execution.
            return settlement.completeEnded(key);
        }

        SweepAttempt attempt = claimedSweep.get().attempt();
        // A lost worker may have left settings of the server raised. They are restored before the decision about the
        // sweep.
        assist.restoreLeftoverSettings(attempt, scan.instanceId());

        SweepDecision decision = running.register(handle);
        if (decision instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, /* report= */ null, wait, scan.deadline());
        }
        Checkpoint checkpoint = claimedSweep.get().checkpoint();
        if (decision instanceof SweepDecision.End end) {
            boolean mayHaveUncountedSteps = checkpoint != null && checkpoint.stepsMayFollow();
            if (!mayHaveUncountedSteps) {
                return settlement.end(attempt, () -> attempt.fail(end.failure()));
            }
            // A killed attempt may have reclaimed keys after its checkpoint, and only the server knows how many. The
            // sweep therefore runs once more to count them, but is cancelled from the start.
            control.cancel();
        }

        // The time is empty if the scan has ended since it was read above.
        Optional<Instant> startedAt = scans.start(key.scanId(), scan.createdAt(), now());
        if (startedAt.isEmpty()) {
            return settlement.abandon(key);
        }

        PreparedRun prepared =
                new PreparedRun(attempt, claimedSweep.get().sweep(), scan, startedAt.get(), checkpoint, decision);
        try (RunSpan span = traces.beginRun(scan.trace(), prepared.traceAttributes())) {
            RunResult result = engineRuns.run(prepared, control, handle, span);
            // The flag is read after the run: a stop of the service sets the flag before it cancels the run.
            return runSettlement.settle(prepared, result, handle, isStopping);
        }
    }

    /** Returns the current time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void start() {
        isStarted = true;
    }

    /**
     * Cancels all sweeps of this process, so that each run ends at a checkpoint. Does not wait until the runs have
     * ended; db-scheduler waits for its threads.
     */
    @Override
    public void stop() {
        // The flag is set before the runs are cancelled. A run that ends then knows the cause: the stop has cancelled
        // it.
        isStopping = true;
        controls.forEach(SweepControl::cancel);
        isStarted = false;
    }

    @Override
    public boolean isRunning() {
        return isStarted;
    }
}
