package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.SweepPlan;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run over one primary. Step by step: take the pace's COUNT, call, count, rest. From time to time the server is
 * asked how it is; only if it was fit to reclaim do the positions reached count as sure, and a checkpoint tells them.
 * Whatever breaks is answered in one way, see {@link Recovery}. Used by one thread.
 */
final class Sweep {

    /**
     * For so many times the time between two checkpoints steps may begin after one. Less than the service takes to find
     * out that a worker is dead.
     */
    private static final int LEASE_CHECKPOINTS = 8;

    private static final int IDLE_SAMPLES = 8;

    private static final Duration IDLE_REST = Duration.ofMillis(2);

    private final Timing timing;
    private final SweepRequest request;
    private final RunLimits limits;
    private final SweepListener listener;
    private final SweepControl control;
    private final PrimaryLocator locator;
    private final SessionOpener opener;
    private final PaceController paceController;
    private final SweepState state;
    private final InFlightSteps inFlight;
    private final Recovery recovery;
    private final ProgressReporter progressReporter;
    private final ReclaimWatch reclaiming;
    private final LoadWatch load;
    private final SlotWatch slots;
    private final SwapWatch swaps;
    private final MemoryMeter memory;

    /**
     * Connects, inspects and plans. A sweep that goes on from a checkpoint has the same patience with an unreachable
     * server as it had before; one that begins has none, so that whoever started it hears at once.
     *
     * @throws NodeRefusedException if the primary cannot be swept
     */
    Sweep(
            NodeConnector connector,
            Timing timing,
            RandomGenerator seeds,
            SweepRequest request,
            SweepControl control,
            SweepListener listener)
            throws InterruptedException {
        this.timing = timing;
        this.request = request;
        this.limits = new RunLimits(timing, request.deadline(), control);
        this.control = control;
        Checkpoint resumeFrom = request.resumeFrom();
        ProgressMeter meter = new ProgressMeter(timing, resumeFrom == null ? 0 : resumeFrom.fraction());
        this.listener = meter.watching(listener);
        long began = timing.nanoTime().getAsLong();
        Deployment deployment = request.deployment();
        locator = new PrimaryLocator(connector, deployment, request.shard());
        paceController = new PaceController(request.pace(), control, this.listener);
        opener = new SessionOpener(
                connector,
                locator,
                deployment.access(),
                () -> request.keyNames(paceController.policy()),
                limits,
                this::hold);
        slots = new SlotWatch(
                timing,
                limits,
                this::hold,
                locator,
                deployment instanceof Deployment.Cluster,
                request.shard() == null ? SlotSet.ALL : request.shard().slots());
        swaps = new SwapWatch(timing);
        Session session = resumeFrom == null ? opener.now() : opener.patiently();
        ServerInspection serverInspection = session.serverInspection();
        paceController.restart(serverInspection.inspection().profile().lazyFree());
        load = new LoadWatch(timing, limits, paceController, this::hold);
        memory = new MemoryMeter(serverInspection.serverStatus().info());
        state = new SweepState(
                session,
                plan(resumeFrom, serverInspection, seeds),
                new SweepCounts(resumeFrom, serverInspection.serverStatus().expired()));
        meter.planned(state.plan().fraction());
        reclaiming = new ReclaimWatch(timing, limits, state, this::hold);
        inFlight = new InFlightSteps(state, paceController);
        recovery = new Recovery(state, opener, locator, slots, paceController, meter, seeds, this::hold);
        progressReporter = new ProgressReporter(
                timing,
                this.listener,
                state,
                paceController,
                slots,
                meter,
                began,
                request.checkpointEvery().multipliedBy(LEASE_CHECKPOINTS));
    }

    private SweepPlan plan(@Nullable Checkpoint resumeFrom, ServerInspection serverInspection, RandomGenerator seeds) {
        if (resumeFrom != null && Recovery.keepsCursors(locator, resumeFrom.replicationIdentity(), serverInspection)) {
            slots.begin(resumeFrom);
            return SweepPlan.resumed(
                    resumeFrom.databases(), serverInspection.inspection().keys());
        }
        slots.begin(null);
        return SweepPlan.fresh(serverInspection.inspection().keys(), serverInspection.lowBits(), seeds);
    }

    /** Sweeps until it is done, timed out or cancelled. */
    SweepReport run() throws InterruptedException {
        try {
            PrimarySummary inspection = state.session().serverInspection().inspection();
            Checkpoint earlier = request.resumeFrom();
            if (earlier != null) {
                new PreviousRun(earlier, request.checkpointEvery()).settle(state, opener, limits);
            }
            listener.onEvent(new SweepEvent.Started(inspection));
            // Without one before the first step, what a crash leaves in doubt until the next could not be settled.
            progressReporter.checkpoint(/* stepsMayFollow= */ true);
            Ending ending = sweepToTheEnd();
            return finish(ending);
        } catch (InterruptedException | NodeRefusedException e) {
            inFlight.landIfPossible();
            lastCheckpoint();
            throw e;
        } finally {
            state.session().close();
        }
    }

    private Ending sweepToTheEnd() throws InterruptedException {
        boolean measured = false;
        while (true) {
            try {
                Ending early = limits.reached();
                if (early != null) {
                    inFlight.landIfPossible();
                    return early;
                }
                if (!measured) {
                    slots.lookIfDue(state.session());
                    measureIdle();
                    measured = true;
                }
                retune();
                if (control.pause() != null) {
                    pause();
                } else if (progressReporter.leaseOver()) {
                    inFlight.landAll();
                    checkpoint();
                } else if (inFlight.depart()) {
                    Duration rest = inFlight.land();
                    progressReporter.progressIfDue();
                    restAfterStep(rest);
                } else {
                    // Before a checkpoint tells that all is done.
                    swaps.look(state.session());
                    if (checkpoint(reclaiming.thoroughLook())) {
                        slots.confirm(state.session(), state.session().address());
                        return Ending.COMPLETED;
                    }
                }
            } catch (LinkBrokenException e) {
                recovery.recover(e, progressReporter);
                measured = false;
            }
        }
    }

    private void measureIdle() throws InterruptedException {
        for (int i = 0; i < IDLE_SAMPLES; i++) {
            if (paceController.policy().shareCeiling() < 1) {
                limits.rest(IDLE_REST);
            }
            state.session().sampleIdle();
        }
    }

    /** Takes the pace that was asked for last; another one may have another method. */
    private void retune() {
        paceController.retune();
        KeyNames names = request.keyNames(paceController.policy());
        if (!state.session().isChosenFor(names)) {
            inFlight.landAll();
            state.session().choose(names);
        }
    }

    /** Holds, with nothing on its way and a checkpoint told, until resumed or at an end. */
    private void pause() throws InterruptedException {
        inFlight.landAll();
        checkpoint();
        SweepControl.Intervention pause = control.pause();
        if (pause == null) {
            return;
        }
        Hold hold = hold("paused " + pause);
        while (pause != null && limits.reached() == null) {
            hold.because("paused " + pause);
            limits.nap();
            retune();
            pause = control.pause();
        }
        hold.end();
    }

    /** Rests, be it for long under a low rate ceiling, and tells checkpoints when they are due. */
    private void restAfterStep(Duration rest) throws InterruptedException {
        Duration left = rest;
        do {
            Duration part = left.compareTo(request.checkpointEvery()) > 0 ? request.checkpointEvery() : left;
            limits.rest(part);
            left = left.minus(part);
            if (progressReporter.checkpointDue(request.checkpointEvery())) {
                inFlight.landAll();
                checkpoint();
            }
        } while (left.isPositive() && limits.reached() == null);
        if (state.inFlight().isEmpty()) {
            load.probe(state.session());
        }
    }

    /** Asks the server how it is and tells a checkpoint. */
    private void checkpoint() throws InterruptedException {
        checkpoint(reclaiming.look());
    }

    /**
     * Tells a checkpoint, and answers what stands against going on.
     *
     * @param look how the server was just found to be
     * @return whether the positions reached are sure
     */
    private boolean checkpoint(ReclaimWatch.Look look) throws InterruptedException {
        SweepPlan plan = state.plan();
        slots.lookIfDue(state.session());
        swaps.lookIfDue(state.session());
        if (look.sure()) {
            plan.confirm();
        } else if (!look.fit()) {
            plan.revert();
        }
        progressReporter.checkpoint(plan.current() != null);
        NodeRefusedException refusal = look.refusal();
        if (refusal != null) {
            throw locator.mayMove() ? new LinkBrokenException(String.valueOf(refusal.getMessage()), refusal) : refusal;
        }
        reclaiming.overcome(look);
        if (plan.current() != null) {
            load.check(state.session(), look.serverStatus());
        }
        return look.sure();
    }

    /** A checkpoint on the way out, as good as can be had. */
    private void lastCheckpoint() {
        boolean interrupted = Thread.interrupted();
        boolean nothingInDoubt = state.inFlight().isEmpty();
        try {
            // With a step in doubt the server's counter must stay where the counted steps have brought it.
            if (nothingInDoubt && reclaiming.thoroughLook().sure()) {
                state.plan().confirm();
            }
        } catch (LinkBrokenException e) {
            // The counts are known without the server; what it has done since the last sure positions is done again.
        } finally {
            progressReporter.checkpoint(!nothingInDoubt);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Hold hold(String reason) {
        return new Hold(timing, request.patience(), listener, reason);
    }

    private SweepReport finish(Ending ending) throws InterruptedException {
        if (ending != Ending.COMPLETED) {
            lastCheckpoint();
        }
        Session session = state.session();
        SweepCounts counts = state.counts();
        SortedMap<Integer, Long> orphans = Collections.emptySortedMap();
        try {
            orphans = slots.orphans(session, paceController.policy().shareCeiling());
        } catch (LinkBrokenException e) {
            // None that is known of.
        }
        progressReporter.progress();
        Duration elapsed = progressReporter.elapsed();
        MemoryReport memoryReport = memory.report(session, limits, counts.reclaimedInThisRun(), request.purge());
        SweepReport report = new SweepReport(
                state.nodeId(),
                session.serverInspection().inspection().profile(),
                ending,
                counts.visited(),
                counts.reclaimed(),
                // A step still in doubt is settled by the run that goes on from the last checkpoint.
                state.exact() && state.inFlight().isEmpty(),
                counts.steps(),
                elapsed,
                counts.longestStall(),
                memoryReport,
                ending == Ending.COMPLETED ? slots.held() : SlotSet.NONE,
                orphans,
                counts.databases());
        listener.onEvent(new SweepEvent.Finished(report));
        return report;
    }
}
