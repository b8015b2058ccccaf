package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.pacing.StepMeasurement;
import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.plan.OpenSegment;
import io.keysweep.engine.reclaim.StepRequest;
import java.time.Duration;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends steps to the server and receives their replies: one at a time, or several at full share.
 *
 * <p>The share is the part of the server's time that the sweep may use. At full share the next steps are queued at the
 * server while one runs.
 *
 * <p>A segment is a part of a database with a SCAN cursor of its own. Steps in flight run in different segments of one
 * database. Replies arrive in the order of sending. Used by the
 * sweep's thread only.
 */
final class InFlightSteps {

    private static final Logger log = LoggerFactory.getLogger(InFlightSteps.class);

    private final SweepState state;
    private final PaceController paceController;

    InFlightSteps(SweepState state, PaceController paceController) {
        this.state = state;
        this.paceController = paceController;
    }

    /**
     * Sends steps until as many are in flight as the pace allows, or no further segment can be opened.
     *
     * @return false if every database is covered, so that there is nothing to send or receive
     */
    boolean sendSteps() {
        DatabaseWalk walk = state.plan().current();
        if (walk == null) {
            return false;
        }
        Session session = state.session();
        Deque<InFlightStep> inFlight = state.stepsInFlight();
        int maxInFlight = paceController.stepsInFlight();
        while (inFlight.size() < maxInFlight) {
            OpenSegment openSegment = walk.takeSegment(maxInFlight);
            if (openSegment == null) {
                break;
            }
            if (inFlight.isEmpty()) {
                session.database().select(walk.db());
            }
            // With several steps in flight, a larger COUNT would delay the other steps and save the server hardly any
            // time.
            int wanted = maxInFlight > 1
                    ? Math.min(
                            paceController.count(),
                            session.inspection().method().largestUsefulCount())
                    : paceController.count();
            int count = openSegment.limitCount(wanted);
            StepRequest request = new StepRequest(
                    openSegment.cursor(),
                    walk.segmentation(),
                    count,
                    paceController.stepLimit(),
                    session.stepNotAfterMicros());
            inFlight.addLast(new InFlightStep(walk, openSegment, count, session.sendStep(request)));
        }
        return true;
    }

    /**
     * Waits for the reply of the oldest step in flight, and counts what the step did. There must be one.
     *
     * @return how long to wait before the next step
     */
    Duration receiveOldest() {
        InFlightStep oldest = state.stepsInFlight().getFirst();
        Session.MeasuredStep step = state.session().receiveStep(oldest.sent(), oldest.count());
        state.stepsInFlight().removeFirst();
        if (step.outcome().late()) {
            // The server refused the step, since the step lease had expired. The segment stays where it was.
            oldest.openSegment().release();
            return Duration.ZERO;
        }
        state.counts().addStep(oldest.walk().db(), step.outcome(), step.busy());
        state.stepTimes().add(step.roundTrip(), step.busy());
        oldest.openSegment()
                .advance(
                        step.outcome().cursor(),
                        oldest.count(),
                        step.outcome().visited(),
                        step.outcome().reclaimed());
        return paceController.recordStep(
                new StepMeasurement(oldest.count(), step.busy(), step.outcome().visited()));
    }

    /** Waits for the replies of all steps in flight, and counts them. */
    void receiveAll() {
        while (!state.stepsInFlight().isEmpty()) {
            receiveOldest();
        }
    }

    /**
     * Receives all steps in flight before the run ends. If the connection breaks, the steps not received stay
     * uncertain.
     */
    void receiveIfPossible() {
        try {
            receiveAll();
        } catch (LinkBrokenException e) {
            log.debug("{}: the connection broke, so the steps in flight are uncertain", state.nodeId(), e);
        }
    }
}
