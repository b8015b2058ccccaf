package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Runs one sweep of one primary, from the first connection to the report.
 *
 * <p>The sweep visits all keys of all databases in <i>steps</i>, small SCANs between two counts of keys, so that the
 * server removes the expired ones. A <i>pass</i> goes over all databases once. A <i>checkpoint</i> passes positions and
 * counts to the listener, so that another process can continue the sweep. A <i>hold</i> is a time without steps whose
 * reason the user sees. A <i>run</i> is the work of one process on a sweep.
 *
 * <p>{@link #run} repeats the first of these actions that applies:
 *
 * <ol>
 * <li>The run is cancelled or its deadline has passed: end.
 * <li>A user has paused the sweep: hold until it is resumed.
 * <li>No step is allowed after the last checkpoint, see {@link ProgressReporter}: take a checkpoint. For example, the
 * step lease has expired, so another worker may take over soon.
 * <li>The next database seems to hold no key with a TTL: take a checkpoint that may confirm it, see {@link TtlWatch}.
 * <li>Some keys are not visited yet: send steps, receive the oldest step, and wait for the delay that {@link
 * PaceController} sets. Take a checkpoint whenever one is due.
 * <li>All databases are covered: take the checkpoint at the end. If the checkpoint does not confirm the positions,
 * repeat the steps since the last confirmed positions. If SCAN skipped keys, repeat the pass, but only once. Otherwise
 * the sweep is complete.
 * </ol>
 *
 * <p><b>Positions and counts.</b> A step advances the position in its segment (a slice of a database) immediately. A
 * position is <i>confirmed</i> only when a checkpoint finds that the server was able to reclaim all the time since the
 * last checkpoint. If the server was not able to, the steps since then are repeated, so steps run at least once. {@link
 * SweepCounts} explains why the count of reclaimed keys is still exact.
 *
 * <p>{@link Recovery} handles a connection that breaks during any of these actions. Used by one thread, which receives
 * all steps in flight before it sends another command, because replies arrive in order. {@link InFlightStatus} is the
 * exception for checkpoints over a distance.
 */
final class Sweep {

    private final SweepRequest request;
    private final RunLimits limits;
    private final SweepListener listener;
    private final SweepControl control;
    private final HoldStarter holdStarter;
    private final SessionOpener opener;
    private final ContinuityCheck continuity;
    private final PaceController paceController;
    private final StepRestraint restraint = new StepRestraint();
    private final SweepState state;
    private final InFlightSteps inFlightSteps;
    private final Recovery recovery;
    private final CoverageCheck coverageCheck;
    private final ProgressReporter progressReporter;
    private final SessionWarmUp sessionWarmUp;
    private final StepWait stepWait;
    private final SlotWatch slotWatch;
    private final PassStarter passStarter;
    private final Checkpointer checkpointer;
    private final SweepReporter reporter;

    /** Whether this run repeats the pass because SCAN skipped keys. */
    private boolean isPassRepeated;

    /**
     * Connects to the primary, inspects it and makes the plan. A sweep that resumes from a checkpoint waits patiently
     * for an unreachable server. A new sweep does not, so that its caller learns of the failure immediately. {@link
     * #run} closes the connection.
     *
     * @throws NodeRefusedException if the primary cannot be swept, or if the run is cancelled or times out during the
     *     wait
     * @throws IllegalArgumentException if the request names a cluster but no shard
     * @throws InterruptedException if the thread is interrupted during the wait
     */
    Sweep(
            NodeConnector connector,
            Timing timing,
            RandomGenerator seeds,
            SweepRequest request,
            SweepControl control,
            SweepListener listener)
            throws InterruptedException {
        this.request = request;
        this.limits = new RunLimits(timing, request.deadline(), control);
        this.control = control;
        Checkpoint resumeFrom = request.resumeFrom();
        ProgressMeter progressMeter = new ProgressMeter(timing, resumeFrom == null ? 0 : resumeFrom.fraction());
        this.listener = progressMeter.observing(listener);
        long beganAt = timing.nanoTime().getAsLong();

        // The objects that a session needs, and the session.
        PrimaryLocator locator = new PrimaryLocator(connector, request.deployment(), request.shard());
        continuity = new ContinuityCheck(locator);
        paceController = new PaceController(request.pace(), control, this.listener, restraint);
        holdStarter = new HoldStarter(timing, request.patience(), this.listener);
        opener = newOpener(connector, locator);
        slotWatch = newSlotWatch(timing, locator);
        passStarter = new PassStarter(continuity, slotWatch, progressMeter, seeds);
        SwapWatch swapWatch = new SwapWatch(timing);
        Session session = resumeFrom == null ? opener.openNow() : opener.openPatiently();
        ServerInspection inspection = session.inspection();
        paceController.restart(inspection.summary().profile().lazyFree());
        // The state of the run, and the objects that use it.
        LoadWatch loadWatch = new LoadWatch(timing, limits, paceController, holdStarter);
        sessionWarmUp = new SessionWarmUp(limits, slotWatch, loadWatch);
        state = new SweepState(
                session,
                passStarter.start(session, resumeFrom),
                new SweepCounts(resumeFrom, session.expiryReading(inspection.status())),
                new DeletionPoint(resumeFrom));
        ReclaimWatch reclaimWatch = new ReclaimWatch(timing, limits, state, holdStarter);
        InFlightStatus inFlightStatus = new InFlightStatus(state, reclaimWatch, timing);
        inFlightSteps = new InFlightSteps(state, paceController, inFlightStatus, timing);
        coverageCheck = new CoverageCheck(state);
        recovery = new Recovery(state, opener, continuity, passStarter, paceController, limits, holdStarter, restraint);
        progressReporter = new ProgressReporter(
                timing,
                this.listener,
                state,
                paceController,
                slotWatch,
                progressMeter,
                beganAt,
                request.checkpointEvery());
        holdStarter.reportCheckpointsBy(progressReporter);
        checkpointer = new Checkpointer(
                state,
                locator,
                reclaimWatch,
                inFlightStatus,
                loadWatch,
                slotWatch,
                swapWatch,
                new TtlWatch(state),
                progressReporter);
        stepWait = new StepWait(
                state,
                limits,
                inFlightSteps,
                inFlightStatus,
                checkpointer,
                progressReporter,
                paceController,
                loadWatch,
                request.checkpointEvery());
        MemoryMeter memoryMeter = new MemoryMeter(inspection.status().info());
        reporter = new SweepReporter(
                state, slotWatch, paceController, progressReporter, limits, memoryMeter, request.purge());
    }

    private SessionOpener newOpener(NodeConnector connector, PrimaryLocator locator) {
        return new SessionOpener(
                connector,
                locator,
                request.deployment().access(),
                this::keyNames,
                request.skipDeniedDatabases(),
                limits,
                holdStarter);
    }

    private SlotWatch newSlotWatch(Timing timing, PrimaryLocator locator) {
        boolean isCluster = request.deployment() instanceof Deployment.Cluster;
        SlotSet shardSlots =
                request.shard() == null ? SlotSet.ALL : request.shard().slots();
        return new SlotWatch(timing, limits, holdStarter, locator, isCluster, shardSlots);
    }

    /**
     * Returns whether key names may leave the server. The request, the current pace and earlier failures with long
     * names decide.
     */
    private KeyNames keyNames() {
        return control.namesStay()
                ? KeyNames.STAY
                : request.keyNames(paceController.policy(), restraint.namesAvoided());
    }

    /**
     * Sweeps until the sweep is complete, timed out or cancelled, and returns the report. Closes the connection in
     * every case. Must be called once. An exception of the listener ends the sweep without a further checkpoint.
     *
     * @throws NodeRefusedException if the server can no longer be swept; the last checkpoint and a report of the failed
     *     run have been sent to the listener
     * @throws InterruptedException if the thread is interrupted; the last checkpoint has been sent to the listener
     */
    SweepReport run() throws InterruptedException {
        try {
            Checkpoint resumeFrom = request.resumeFrom();
            if (resumeFrom != null
                    && !new PreviousRun(resumeFrom, continuity).settleUncertainSteps(state, opener, limits)) {
                passStarter.restart(state);
            }
            listener.onEvent(new SweepEvent.Started(state.session().inspection().summary()));
            // If the process crashes before the next checkpoint, the next run needs the server's counter in this
            // checkpoint to count the first steps.
            progressReporter.reportCheckpoint();
            Ending ending = sweepUntilEnding();
            if (ending != Ending.COMPLETED) {
                checkpointer.takeLastCheckpoint();
            }
            SweepReport report = reporter.measureAndBuild(ending);
            listener.onEvent(new SweepEvent.Finished(report));
            return report;
        } catch (InterruptedException e) {
            receiveAndTakeLastCheckpoint();
            throw e;
        } catch (NodeRefusedException e) {
            receiveAndTakeLastCheckpoint();
            listener.onEvent(new SweepEvent.Failed(reporter.buildReportOfFailedRun()));
            throw e;
        } finally {
            state.session().close();
        }
    }

    private void receiveAndTakeLastCheckpoint() {
        inFlightSteps.receiveIfPossible();
        checkpointer.takeLastCheckpoint();
    }

    /** Repeats the actions in the class Javadoc until one of them ends the run. */
    private Ending sweepUntilEnding() throws InterruptedException {
        boolean sessionPrepared = false;
        while (true) {
            try {
                Ending earlyEnding = limits.ending();
                if (earlyEnding != null) {
                    inFlightSteps.receiveIfPossible();
                    return earlyEnding;
                }
                if (!sessionPrepared) {
                    sessionWarmUp.prepare(state.session(), paceController.policy());
                    sessionPrepared = true;
                }

                applyRetune();
                if (control.pauseReason() != null) {
                    holdWhilePaused();
                } else if (progressReporter.checkpointNeeded() || checkpointer.ttlCheckDue() || canTurnsBegin()) {
                    takeCheckpoint();
                } else if (inFlightSteps.sendSteps()) {
                    receiveStepAndWait();
                } else if (checkpointer.takeCheckpointWithSettings() && confirmCoverageOrRepeatPass()) {
                    return Ending.COMPLETED;
                }
            } catch (LinkBrokenException e) {
                recovery.recover(e, progressReporter);
                sessionPrepared = false;
            }
        }
    }

    /**
     * Returns whether the first steps over a distance have shown what is needed to plan turns for the next steps, which
     * a checkpoint does. If every database is covered, there are no next steps.
     */
    private boolean canTurnsBegin() {
        return state.plan().current() != null && paceController.canTurnsBegin(state.session());
    }

    private void receiveStepAndWait() throws InterruptedException {
        Duration delay = inFlightSteps.receiveSteps();
        coverageCheck.refuseEndless();
        progressReporter.reportProgressIfDue();
        stepWait.waitFor(delay);
    }

    /**
     * Returns whether the pass has covered all keys. If not, starts a second pass, or after the second pass refuses the
     * server.
     */
    private boolean confirmCoverageOrRepeatPass() throws InterruptedException {
        slotWatch.confirmWithOthers(state.session(), state.session().address());
        String shortfall = coverageCheck.shortfall();
        if (shortfall == null) {
            return true;
        }
        // A first shortfall proves nothing, because keys may have been deleted and written again between two readings
        // of their number.
        if (isPassRepeated) {
            throw coverageCheck.skippedKeysRefusal(shortfall);
        }
        isPassRepeated = true;
        passStarter.restart(state);
        progressReporter.reportCheckpoint();
        return false;
    }

    /**
     * Applies a change of pace, and chooses the reclaim method again if the rule for key names has changed. The rule
     * depends on the pace, on the distance of the server, on whether long names have broken the connection, and on
     * whether key names must stay on the server.
     */
    private void applyRetune() {
        paceController.applyRetune();
        KeyNames names = keyNames();
        if (!restraint.stepsShortened()) {
            names = state.session().namesOverDistance(names);
        }
        if (!state.session().isMethodChosenFor(names)) {
            inFlightSteps.receiveAll();
            state.session().chooseMethod(names);
        }
    }

    private void takeCheckpoint() throws InterruptedException {
        inFlightSteps.receiveAllBeforeCheckpoint();
        checkpointer.takeCheckpoint();
    }

    /** Takes a checkpoint, and holds until a user resumes the sweep or the run ends. Changes of pace still apply. */
    private void holdWhilePaused() throws InterruptedException {
        takeCheckpoint();
        String pauseReason = control.pauseReason();
        // The checkpoint can take long, and the sweep may have been resumed in that time.
        if (pauseReason == null) {
            return;
        }
        try (Hold hold = holdStarter.start(pauseReason, HoldCause.REQUEST)) {
            while (pauseReason != null && limits.ending() == null) {
                hold.changeReason(pauseReason);
                limits.waitBriefly();
                applyRetune();
                pauseReason = control.pauseReason();
            }
        }
    }
}
