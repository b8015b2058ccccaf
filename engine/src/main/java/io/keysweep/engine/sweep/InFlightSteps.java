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
 * <p>A step is one reclaim call, a SCAN of about COUNT keys. A step is in flight until its reply is received. The share
 * is the part of the server's time that the sweep may use. At full share the next steps are queued at the server while
 * one runs.
 *
 * <p>A segment is a part of a database with a SCAN cursor of its own. Steps in flight run in different segments of one
 * database. Replies arrive in the order of sending. Used by the sweep's thread only.
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
     * Sends steps until as many are in flight as the pace allows, or no further segment can be opened. Waits for no
     * reply to a step. Sends nothing if the pace has been lowered and enough steps are in flight.
     *
     * @return false if every database is covered, so that there is nothing to send or receive; true if at least one
     *     step is in flight now
     * @throws LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server refuses to select the database
     */
    boolean sendSteps() {
        DatabaseWalk walk = state.plan().current();
        if (walk == null) {
            return false;
        }
        Deque<InFlightStep> inFlight = state.stepsInFlight();
        int maxInFlight = paceController.stepsInFlight();
        while (inFlight.size() < maxInFlight) {
            OpenSegment openSegment = walk.takeSegment(maxInFlight);
            if (openSegment == null) {
                break;
            }
            // Steps in flight run in the selected database, and no other command may be sent before their replies.
            if (inFlight.isEmpty()) {
                state.session().database().select(walk.db());
            }
            inFlight.addLast(sendStep(walk, openSegment, maxInFlight > 1));
        }
        return true;
    }

    /** Sends one step for an open segment of the selected database. */
    private InFlightStep sendStep(DatabaseWalk walk, OpenSegment openSegment, boolean severalInFlight) {
        Session session = state.session();
        int allowedCount = paceController.count();
        if (severalInFlight) {
            // A larger COUNT would delay the other steps and save the server hardly any time.
            allowedCount = Math.min(allowedCount, session.inspection().method().largestUsefulCount());
        }
        int count = openSegment.limitCount(allowedCount);
        StepRequest request = new StepRequest(
                openSegment.cursor(),
                walk.segmentation(),
                count,
                paceController.stepLimit(),
                session.stepNotAfterMicros());
        return new InFlightStep(walk, openSegment, count, session.sendStep(request));
    }

    /**
     * Waits for the reply of the oldest step in flight, and counts what the step did. At least one step must be in
     * flight. A step that the server refused, since its lease had expired, counts nothing and is sent again later.
     *
     * @return how long to wait before the next step; zero after a refused step
     * @throws LinkBrokenException if the connection breaks; the step is then still in flight, and uncertain
     */
    Duration receiveOldest() {
        InFlightStep oldestStep = state.stepsInFlight().getFirst();
        Session.MeasuredStep measured = state.session().receiveStep(oldestStep.sent(), oldestStep.count());
        state.stepsInFlight().removeFirst();
        if (measured.outcome().late()) {
            // The server refused the step, since the step lease (the time within which a step may start) had expired.
            oldestStep.openSegment().release();
            return Duration.ZERO;
        }
        state.counts().addStep(oldestStep.walk().db(), measured.outcome(), measured.busy());
        state.stepTimes().add(measured.roundTrip(), measured.busy());
        oldestStep
                .openSegment()
                .advance(
                        measured.outcome().cursor(),
                        oldestStep.count(),
                        measured.outcome().visited(),
                        measured.outcome().reclaimed());
        return paceController.recordStep(new StepMeasurement(
                oldestStep.count(), measured.busy(), measured.outcome().visited()));
    }

    /**
     * Waits for the replies of all steps in flight, and counts them. Ignores the delays that their pace demands.
     *
     * @throws LinkBrokenException if the connection breaks; the steps not received stay in flight
     */
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
