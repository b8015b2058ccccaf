package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.WaitingSweeps;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.sweep.RetryDelay;
import io.keysweep.server.sweep.SweepEnded;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.WaitingExecution;
import io.keysweep.server.worker.ProjectThreads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Decides how a scan continues: it schedules the next sweep, plans the next round of a cluster, or ends the scan.
 *
 * <p>A sweep is the part of a scan that visits one primary. A scan of a cluster proceeds in rounds. A round discovers
 * the current primaries and sweeps their shards (the parts of the cluster) side by side. A shard consists of slots. If
 * slots move to another primary during a round, the next round sweeps them there. There are at most {@link
 * SweepRound#MAX_ROUNDS} rounds. Any other scan has a single sweep.
 *
 * <p>An execution is db-scheduler's entry for one piece of work. One execution of {@link PlanTask} calls {@link #plan},
 * which plans one round; {@link RoundScheduler} stores the result. When a sweep ends, its execution publishes a {@link
 * SweepEnded}, which {@link #onSweepEnded} handles. After a crash, {@link #plan} and {@link #onSweepEnded} can be
 * called a second time for the same round or sweep. They then change nothing. Thread-safe.
 */
@Component
class RoundPlanner {

    private static final Logger LOG = LoggerFactory.getLogger(RoundPlanner.class);

    /**
     * Delay before an execution that plans a round runs again: if the cluster of a manual scan did not answer, or if
     * the project uses all threads that it may use for plans.
     */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(2);

    /**
     * Maximum time for discovering the primaries before the first round, after which the scan fails. {@link #patience}
     * names the cases in which the scan tries until its timeout instead.
     */
    private static final Duration FIRST_ROUND_PATIENCE = Duration.ofSeconds(60);

    /** Reason that users see for a scan that has failed because of a bug. */
    private static final String INTERNAL_ERROR = "Internal error; see the service's log.";

    private final ScanStore scans;
    private final ScanTransitions transitions;
    private final InstanceStore instances;
    private final SweepEngine engine;
    private final ScanDispatcher dispatcher;
    private final RoundScheduler roundScheduler;
    private final ScanFinisher finisher;
    private final InstantSource clock;
    private final RunningSweeps runningSweeps;
    private final WaitingSweeps waitingSweeps;
    private final ProjectThreads projectThreads;

    RoundPlanner(
            ScanStore scans,
            ScanTransitions transitions,
            InstanceStore instances,
            SweepEngine engine,
            ScanDispatcher dispatcher,
            RoundScheduler roundScheduler,
            ScanFinisher finisher,
            InstantSource clock,
            RunningSweeps runningSweeps,
            WaitingSweeps waitingSweeps,
            ProjectThreads projectThreads) {
        this.scans = scans;
        this.transitions = transitions;
        this.instances = instances;
        this.engine = engine;
        this.dispatcher = dispatcher;
        this.roundScheduler = roundScheduler;
        this.finisher = finisher;
        this.clock = clock;
        this.runningSweeps = runningSweeps;
        this.waitingSweeps = waitingSweeps;
        this.projectThreads = projectThreads;
    }

    /**
     * Schedules the first execution of a new scan. Must be called in the transaction that stores the scan.
     *
     * <p>The scan of a cluster has no sweeps yet, so the plan of its first round is scheduled. Any other scan has one
     * sweep, which is scheduled itself.
     */
    void begin(Scan scan) {
        if (scan.sweeps().isEmpty()) {
            dispatcher.schedulePlan(scan.id(), /* round= */ 1);
        } else {
            dispatcher.scheduleFirstSweepOfEachHost(scan);
        }
    }

    /**
     * Continues a scan after one of its sweeps has ended: schedules the next sweep of the host, schedules the plan of
     * the next round, or ends the scan. Does nothing if the scan has ended already. If this ends the scan of a cluster,
     * the method reads the primaries once more, and blocks until they have answered.
     */
    @EventListener
    void onSweepEnded(SweepEnded event) {
        UUID scanId = event.key().scanId();
        Scan scan = scans.find(scanId).orElseThrow();
        if (!scan.state().active()) {
            return;
        }
        if (!scan.sweeps().stream().allMatch(SweepRecord::finished)) {
            dispatcher.scheduleNextSweepOfHost(scan, event.key().host());
            dispatcher.checkForDueExecutions();
            return;
        }
        String failure = scan.firstFailure();
        Deployment deployment = deployment(scan);
        if (failure == null && deployment instanceof Deployment.Cluster) {
            // Only a new discovery shows whether slots have moved. If no slot is left to sweep, the plan ends the scan.
            dispatcher.schedulePlan(scanId, scan.lastRound() + 1);
            dispatcher.checkForDueExecutions();
        } else {
            finisher.finish(scan, deployment, failure);
        }
    }

    /**
     * Carries out the execution that plans a round of a cluster's scan: starts the scan if it waits, discovers the
     * primaries, and stores and schedules the sweeps of the round. Ends the scan if it was cancelled, if no slot is
     * left to sweep, or if the primaries cannot be discovered in time. Blocks while it waits for the nodes.
     *
     * <p>An exception that is not listed here is a bug: it is logged, and the scan ends as failed.
     *
     * @return what db-scheduler must do with the execution: remove it, or run it again later because the scan is
     *     paused, the project uses too many threads, or the nodes did not answer
     * @throws DataAccessException if the database fails; db-scheduler then repeats the execution
     * @throws TransactionException if the database fails at the beginning or end of a transaction
     */
    CompletionHandler<Void> plan(UUID scanId, int round) {
        try {
            return planIfActive(scanId, round);
        } catch (DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                // The process stops. db-scheduler repeats the execution at the next start.
                throw e;
            }
            LOG.error("Scan {}, round {}: the plan failed by an unexpected exception", scanId, round, e);
            fail(scanId, round);
            return removeExecution();
        }
    }

    /**
     * Ends a scan as failed because a bug keeps a round from being planned. Does nothing if the scan has ended or the
     * round is planned already.
     */
    void fail(UUID scanId, int round) {
        scans.find(scanId)
                .filter(scan -> scan.state().active() && scan.lastRound() < round)
                .ifPresent(scan -> finisher.fail(scan, INTERNAL_ERROR));
    }

    /**
     * Plans a round unless the scan has ended, the round is planned already, or the instructions of the scan forbid it.
     */
    private CompletionHandler<Void> planIfActive(UUID scanId, int round) {
        // Check that the round is still to be planned.
        Optional<Scan> activeScan =
                scans.find(scanId).filter(scan -> scan.state().active());
        if (activeScan.isEmpty()) {
            return removeExecution();
        }
        Scan scan = activeScan.get();
        boolean isPlannedAlready = scan.lastRound() >= round;
        if (isPlannedAlready) {
            // The process that planned the round was killed before it could remove the execution.
            return removeExecution();
        }

        // Check the instructions of the scan (the requests of users). Windows and budgets are ignored here, because
        // they restrict sweeps and not discovery.
        SweepDecision decision = runningSweeps.decideByInstructions(scanId);
        if (decision instanceof SweepDecision.End end) {
            finisher.finish(scan, deployment(scan), end.failure());
            return removeExecution();
        }
        if (decision instanceof SweepDecision.Wait wait) {
            return WaitingExecution.until(
                    WaitingExecution.nextCheckOfPlan(wait, scan.deadline(), now()),
                    () -> waitingSweeps.recheckPlan(PlanTask.id(scanId, round), scanId));
        }

        return planWithinProjectLimit(scan, round);
    }

    /**
     * Plans a round. If the project already uses all threads that it may use for plans, the execution runs again after
     * {@link #RETRY_DELAY} instead. A plan keeps its thread for long if nodes do not answer. The limit per project
     * leaves threads for other projects.
     */
    private CompletionHandler<Void> planWithinProjectLimit(Scan scan, int round) {
        String projectId = instances.find(scan.instanceId()).orElseThrow().projectId();
        if (!projectThreads.take(projectId)) {
            return (complete, operations) -> operations.reschedule(complete, now().plus(RETRY_DELAY));
        }
        try {
            return discoverAndPlan(scan, round);
        } finally {
            projectThreads.giveBack(projectId);
        }
    }

    private static CompletionHandler<Void> removeExecution() {
        return (complete, operations) -> operations.remove();
    }

    /**
     * Starts the scan if it has not started, discovers the primaries of its cluster and plans the round. If the
     * primaries cannot be discovered, schedules a retry or ends the scan.
     */
    private CompletionHandler<Void> discoverAndPlan(Scan scan, int round) {
        // The time is empty if the scan has ended since it was read.
        Optional<Instant> startedAt = transitions.start(scan.id(), scan.createdAt(), now());
        if (startedAt.isEmpty()) {
            return removeExecution();
        }
        try {
            Deployment deployment = deployment(scan);
            roundScheduler.scheduleNextRound(scan, deployment, engine.discover(deployment));
            return removeExecution();
        } catch (NodeRefusedException e) {
            return retryOrFail(scan, round, startedAt.get(), e);
        }
    }

    /**
     * Repeats a failed discovery after a delay, or ends the scan if its {@link #patience} is over. The scan ends as
     * timed out if its timeout has passed and the cause can disappear without an operator, otherwise as failed.
     *
     * @param e why the primaries could not be discovered
     */
    private CompletionHandler<Void> retryOrFail(Scan scan, int round, Instant startedAt, NodeRefusedException e) {
        if (now().isBefore(startedAt.plus(patience(scan, round, e)))) {
            LOG.warn(
                    "Scan {}, round {}: the primaries cannot be discovered yet, the service tries again: {}",
                    scan.id(),
                    round,
                    e.getMessage());
            // An automatic scan may try for hours, so its delay grows. A user waits for the result of a manual scan.
            Duration delay = scan.type() == ScanType.AUTO ? RetryDelay.after(startedAt, now()) : RETRY_DELAY;
            Instant next = now().plus(delay);
            Instant timeoutAt = startedAt.plus(scan.timeout());
            Instant retryAt = next.isBefore(timeoutAt) ? next : timeoutAt;
            return (complete, operations) -> operations.reschedule(complete, retryAt);
        }
        boolean mayPass = e.mayPass(/* primaryCanMove= */ true);
        if (mayPass && !now().isBefore(startedAt.plus(scan.timeout()))) {
            finisher.timeOut(
                    scan,
                    deployment(scan),
                    "Timed out after " + scan.timeout().toSeconds() + " s; it had waited for its cluster"
                            + (round == 1 ? " since " + startedAt : "") + ": " + e.getMessage()
                            + "; the keys reclaimed so far are counted.");
        } else {
            finisher.finish(scan, deployment(scan), String.valueOf(e.getMessage()));
        }
        return removeExecution();
    }

    /**
     * Returns how long after its start a scan may continue to try to discover the primaries for a round.
     *
     * <ul>
     *   <li>In a later round, a scan tries until its timeout, because its work would otherwise be lost.
     *   <li>An automatic scan also tries until its timeout if the cause can disappear without an operator.
     *   <li>In all other cases, a scan tries for {@link #FIRST_ROUND_PATIENCE}, but not beyond its timeout, because a
     *       user may wait for the result.
     * </ul>
     */
    private static Duration patience(Scan scan, int round, NodeRefusedException e) {
        if (scan.type() == ScanType.AUTO && e.mayPass(/* primaryCanMove= */ true)) {
            return scan.timeout();
        }
        boolean endsBeforeTimeout = round == 1 && FIRST_ROUND_PATIENCE.compareTo(scan.timeout()) < 0;
        return endsBeforeTimeout ? FIRST_ROUND_PATIENCE : scan.timeout();
    }

    private Deployment deployment(Scan scan) {
        return instances.find(scan.instanceId()).map(Instance::deployment).orElseThrow();
    }

    /** Returns the current time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
