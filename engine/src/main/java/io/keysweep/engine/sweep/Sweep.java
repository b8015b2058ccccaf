package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.pacing.PaceSignal;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.plan.SweepPlan;
import io.keysweep.engine.reclaim.StepOrder;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over one primary. Step by step: take the pace's COUNT, call, count, rest. From time to time the server is
 * asked how it is; only if it was fit to reclaim do the positions reached count as sure, and a checkpoint tells them.
 * Whatever breaks is answered in one way: hold, connect anew, settle what is in doubt, go on from the last sure
 * positions. Used by one thread.
 */
final class Sweep {

    private static final Logger log = LoggerFactory.getLogger(Sweep.class);

    private static final Duration PROGRESS_EVERY = Duration.ofMillis(100);

    /**
     * After so many times the time between two checkpoints without one, no step is sent before the next: whoever hears of
     * checkpoints may have taken this sweep for dead meanwhile, as the process was frozen, and then ends it here. Less
     * than the service takes to find out that a worker is dead.
     */
    private static final int LEASE_CHECKPOINTS = 8;

    private static final int IDLE_SAMPLES = 8;

    private static final Duration IDLE_REST = Duration.ofMillis(2);
    /** A server that fails every step although its survey is fine will not get better. */
    private static final int MAX_FAILURES_IN_A_ROW = 5;

    private final Timing timing;
    private final RandomGenerator seeds;
    private final SweepRequest request;
    private final RunLimits limits;
    private final SweepListener listener;
    private final Steering steering;
    private final Deque<Flight> flights = new ArrayDeque<>();
    private final SweepControl control;
    private final PrimaryLocator locator;
    private final SessionOpener opener;
    private final LoadWatch load;
    private final SlotWatch slots;
    private final ProgressMeter meter;
    private final MemoryWatch memory;
    private final long began;

    private Session session;
    private SweepPlan plan;
    private Tally tally;
    private long lastCheckpoint;
    private long lastProgress;
    private int failuresInARow;

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
        this.seeds = seeds;
        this.request = request;
        this.limits = new RunLimits(timing, request.deadline(), control);
        Checkpoint resumeFrom = request.resumeFrom();
        meter = new ProgressMeter(timing, resumeFrom == null ? 0 : resumeFrom.fraction());
        this.listener = meter.watching(listener);
        began = timing.nanoTime().getAsLong();
        lastCheckpoint = began;
        lastProgress = began;
        this.control = control;
        Deployment deployment = request.deployment();
        locator = new PrimaryLocator(connector, deployment, request.shard());
        opener = new SessionOpener(connector, locator, deployment.access(), request.keyNames(), limits, this::hold);
        slots = new SlotWatch(
                timing,
                locator,
                deployment instanceof Deployment.Cluster,
                request.shard() == null ? SlotSet.ALL : request.shard().slots());
        session = resumeFrom == null ? opener.now() : opener.patiently();
        Survey survey = session.survey();
        tally = new Tally(resumeFrom, survey.vitals().expired());
        steering = new Steering(request.pace(), survey.inspection().profile().lazyFree(), control, this.listener);
        load = new LoadWatch(timing, limits, steering, this::hold);
        memory = new MemoryWatch(survey.vitals().info());
        if (resumeFrom != null && keepsCursors(resumeFrom.runId(), resumeFrom.replicationId(), survey)) {
            plan = SweepPlan.resumed(resumeFrom.databases(), survey.inspection().keys());
            slots.begin(resumeFrom.slots());
        } else {
            plan = freshPlan(survey);
            slots.begin(null);
        }
        meter.planned(plan.fraction());
    }

    private SweepPlan freshPlan(Survey survey) {
        return SweepPlan.fresh(survey.inspection().keys(), survey.lowBits(), seeds);
    }

    /** Sweeps until it is done, timed out or cancelled. */
    SweepReport run() throws InterruptedException {
        try {
            Inspection inspection = session.survey().inspection();
            Checkpoint earlier = request.resumeFrom();
            if (earlier != null) {
                EarlierRun.settle(earlier, request.checkpointEvery(), session, tally, limits);
            }
            listener.onEvent(new SweepEvent.Started(inspection));
            // Without one before the first step, what a crash leaves in doubt until the next could not be settled.
            tellCheckpoint(/* stepsMayFollow= */ true);
            Ending ending = sweepToTheEnd();
            return finish(ending);
        } catch (InterruptedException | NodeRefusedException e) {
            landIfPossible();
            lastCheckpoint();
            throw e;
        } finally {
            session.close();
        }
    }

    private Ending sweepToTheEnd() throws InterruptedException {
        boolean measured = false;
        while (true) {
            try {
                Ending early = limits.reached();
                if (early != null) {
                    landIfPossible();
                    return early;
                }
                if (!measured) {
                    slots.lookIfDue(session);
                    measureIdle();
                    measured = true;
                }
                steering.retune();
                if (control.pause() != null) {
                    pause();
                } else if (leaseOver()) {
                    landAll();
                    checkpoint();
                } else if (depart()) {
                    restAfterStep(land());
                } else if (checkpoint()) {
                    slots.confirm(session, session.address());
                    return Ending.COMPLETED;
                }
            } catch (LinkBrokenException e) {
                recover(e);
                measured = false;
            }
        }
    }

    private boolean leaseOver() {
        return timing.since(lastCheckpoint).compareTo(request.checkpointEvery().multipliedBy(LEASE_CHECKPOINTS)) > 0;
    }

    private void measureIdle() throws InterruptedException {
        for (int i = 0; i < IDLE_SAMPLES; i++) {
            if (steering.policy().shareCeiling() < 1) {
                limits.rest(IDLE_REST);
            }
            session.sampleIdle();
        }
    }

    /** Holds, with nothing on its way and a checkpoint told, until resumed or at an end. */
    private void pause() throws InterruptedException {
        landAll();
        checkpoint();
        SweepControl.Intervention pause = control.pause();
        if (pause == null) {
            return;
        }
        Hold hold = hold("paused " + pause);
        while (pause != null && limits.reached() == null) {
            hold.because("paused " + pause);
            limits.nap();
            steering.retune();
            pause = control.pause();
        }
        hold.end();
    }

    /** Sends as many steps as may be on their way; false if there is nothing left to do. */
    private boolean depart() {
        DatabaseWalk walk = plan.current();
        if (walk == null) {
            return false;
        }
        int most = steering.stepsInFlight();
        while (flights.size() < most) {
            DatabaseWalk.Lane lane = walk.next(most);
            if (lane == null) {
                break;
            }
            if (flights.isEmpty()) {
                session.select(walk.db());
            }
            int wanted = most > 1
                    ? Math.min(steering.count(), session.survey().method().largestUsefulCount())
                    : steering.count();
            int count = lane.trim(wanted);
            StepOrder order = new StepOrder(lane.cursor(), walk.segmentation(), count, steering.stepLimit());
            flights.addLast(new Flight(walk, lane, count, session.begin(order)));
        }
        return true;
    }

    private void landAll() {
        while (!flights.isEmpty()) {
            land();
        }
    }

    /** Lands what can be landed before the run ends; the rest stays in doubt. */
    private void landIfPossible() {
        try {
            landAll();
        } catch (LinkBrokenException e) {
            log.debug("{}: steps on their way are in doubt", nodeId(), e);
        }
    }

    /** Waits for the end of the step that was sent first, and tells how long to rest after it. */
    private Duration land() {
        Flight flight = flights.getFirst();
        Session.Step step = session.end(flight.sent(), flight.count());
        flights.removeFirst();
        failuresInARow = 0;
        tally.add(flight.walk().db(), step.outcome(), step.busy());
        flight.lane().advance(step.outcome().cursor(), step.outcome().visited());
        Duration rest = steering.restAfter(
                new PaceSignal(flight.count(), step.busy(), step.outcome().visited()));
        if (timing.since(lastProgress).compareTo(PROGRESS_EVERY) >= 0) {
            tellProgress();
        }
        return rest;
    }

    /** Rests, be it for long under a low rate ceiling, and tells checkpoints when they are due. */
    private void restAfterStep(Duration rest) throws InterruptedException {
        Duration left = rest;
        do {
            Duration part = left.compareTo(request.checkpointEvery()) > 0 ? request.checkpointEvery() : left;
            limits.rest(part);
            left = left.minus(part);
            if (timing.since(lastCheckpoint).compareTo(request.checkpointEvery()) >= 0) {
                landAll();
                checkpoint();
            }
        } while (left.isPositive() && limits.reached() == null);
        if (flights.isEmpty()) {
            load.probe(session);
        }
    }

    /**
     * Asks the server how it is and tells a checkpoint.
     *
     * @return whether the positions reached are sure
     */
    private boolean checkpoint() throws InterruptedException {
        Vitals vitals = session.vitals();
        tally.compare(vitals.expired());
        slots.lookIfDue(session);
        Optional<NodeRefusedException> refusal = vitals.refusal(nodeId());
        Optional<String> obstacle = vitals.obstacle();
        boolean fit = refusal.isEmpty() && obstacle.isEmpty();
        if (fit) {
            plan.confirm();
        } else {
            plan.revert();
        }
        tellCheckpoint(plan.current() != null);
        if (refusal.isPresent()) {
            throw locator.mayMove()
                    ? new LinkBrokenException(String.valueOf(refusal.get().getMessage()), refusal.get())
                    : refusal.get();
        }
        if (obstacle.isPresent()) {
            holdWhile(obstacle.get());
        }
        if (plan.current() != null) {
            load.check(session, vitals);
        }
        return fit;
    }

    /** A checkpoint on the way out, as good as can be had. */
    private void lastCheckpoint() {
        boolean interrupted = Thread.interrupted();
        try {
            // With a step in doubt the server's counter must stay where the counted steps have brought it.
            if (flights.isEmpty()) {
                Vitals vitals = session.vitals();
                tally.compare(vitals.expired());
                if (vitals.refusal(nodeId()).isEmpty() && vitals.obstacle().isEmpty()) {
                    plan.confirm();
                }
            }
        } catch (LinkBrokenException e) {
            // The counts are known without the server; what it has done since the last sure positions is done again.
        } finally {
            tellCheckpoint(!flights.isEmpty());
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void holdWhile(String obstacle) throws InterruptedException {
        Hold hold = hold(obstacle);
        while (limits.reached() == null) {
            limits.rest(hold.nextPause());
            Vitals vitals = session.vitals();
            tally.compare(vitals.expired());
            Optional<String> now = vitals.obstacle();
            if (now.isEmpty()) {
                break;
            }
            hold.because(now.get());
            if (hold.patienceOver()) {
                throw new NodeRefusedException(
                        nodeId(), Reason.NOT_RECLAIMING, nodeId() + " reclaims nothing: " + now.get());
            }
        }
        hold.end();
    }

    private Hold hold(String reason) {
        return new Hold(timing, request.patience(), listener, reason);
    }

    /** Connects anew after a link broke, and settles what was in doubt. Returns early at the deadline and on cancel. */
    private void recover(LinkBrokenException broken) throws InterruptedException {
        log.warn("{}: {}; connecting anew", nodeId(), broken.getMessage());
        log.debug("{}: cause", nodeId(), broken);
        session.close();
        plan.revert();
        tellCheckpoint(/* stepsMayFollow= */ true);
        Hold hold = hold("server unreachable: " + broken.getMessage());
        if (++failuresInARow > MAX_FAILURES_IN_A_ROW) {
            throw new NodeRefusedException(
                    nodeId(), Reason.NOT_RECLAIMING, nodeId() + " fails every step: " + broken.getMessage());
        }
        Session fresh = opener.whenBack(hold);
        if (fresh != null) {
            goOnWith(fresh);
        }
        hold.end();
    }

    private void goOnWith(Session fresh) {
        Survey old = session.survey();
        Survey now = fresh.survey();
        OptionalLong expired = now.vitals().expired();
        session = fresh;
        DatabaseWalk walk = plan.current();
        boolean sameProcess = now.runId().equals(old.runId());
        if (sameProcess) {
            tally.settle(
                    walk == null ? null : walk.db(),
                    tally.expiredKeys(),
                    expired,
                    Doubt.ofSteps(flights),
                    !tally.otherExpirySeen());
        } else if (!flights.isEmpty()) {
            tally.lose(expired);
        } else {
            tally.restartFrom(expired);
        }
        if (!keepsCursors(old.runId(), old.replicationId(), now)) {
            plan = freshPlan(now);
            slots.begin(null);
            meter.planned(plan.fraction());
        }
        flights.clear();
        steering.restart(now.inspection().profile().lazyFree());
    }

    /** Cursors outlive neither the process nor, where it got its keys anew as a replica, the role. */
    private boolean keepsCursors(String runId, @Nullable String replicationId, Survey now) {
        return runId.equals(now.runId())
                && (!locator.mayMove() || replicationId == null || replicationId.equals(now.replicationId()));
    }

    private SweepReport finish(Ending ending) throws InterruptedException {
        if (ending != Ending.COMPLETED) {
            lastCheckpoint();
        }
        SortedMap<Integer, Long> orphans = Collections.emptySortedMap();
        try {
            orphans = slots.orphans(session, limits, steering.policy().shareCeiling());
        } catch (LinkBrokenException e) {
            // None that is known of.
        }
        tellProgress();
        Duration elapsed = timing.since(began);
        MemoryReport memoryReport = memory.report(session, limits, tally.reclaimedInThisRun(), request.purge());
        SweepReport report = new SweepReport(
                nodeId(),
                session.survey().inspection().profile(),
                ending,
                tally.visited(),
                tally.reclaimed(),
                // A step still in doubt is settled by the run that goes on from the last checkpoint.
                exact() && flights.isEmpty(),
                tally.steps(),
                elapsed,
                tally.longestStall(),
                memoryReport,
                ending == Ending.COMPLETED ? slots.held() : SlotSet.NONE,
                orphans,
                tally.databases());
        listener.onEvent(new SweepEvent.Finished(report));
        return report;
    }

    private boolean exact() {
        return tally.exact() && session.survey().method().atomic();
    }

    private void tellProgress() {
        lastProgress = timing.nanoTime().getAsLong();
        listener.onEvent(new SweepEvent.Progressed(new SweepProgress(
                tally.visited(),
                tally.reclaimed(),
                meter.fraction(plan.fraction()),
                steering.count(),
                tally.longestStall(),
                timing.since(began),
                meter.remaining(),
                steering.share(),
                steering.slowedBy())));
    }

    private void tellCheckpoint(boolean stepsMayFollow) {
        lastCheckpoint = timing.nanoTime().getAsLong();
        listener.onEvent(new SweepEvent.Checkpointed(new Checkpoint(
                nodeId(),
                session.survey().runId(),
                session.survey().replicationId(),
                tally.visited(),
                tally.reclaimed(),
                exact(),
                !tally.otherExpirySeen(),
                stepsMayFollow,
                tally.expiredKeys(),
                slots.held(),
                meter.fraction(plan.fraction()),
                plan.confirmed())));
    }

    private String nodeId() {
        return session.address().toString();
    }
}
