package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.pacing.StepMeasurement;
import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.plan.OpenSegment;
import io.keysweep.engine.reclaim.StepOutcome;
import io.keysweep.engine.reclaim.StepRequest;
import java.time.Duration;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends steps to the server and receives their replies: one at a time, or several at full share or over a distance.
 *
 * <p>A step is one call that visits about COUNT keys. A step is in flight until its reply is received. The share is the
 * part of the server's time that the sweep may use. At full share, the next steps wait at the server while one runs.
 * Over a long distance, the next steps are on their way while one runs. Each of them then has a turn, the interval in
 * which it may start, see {@link StepTurns}.
 *
 * <p>A segment is a part of a database with a SCAN cursor of its own. Steps in flight run in different segments of one
 * database. Replies arrive in the order of sending. Used by the sweep's thread only.
 */
final class InFlightSteps {

    private static final Logger log = LoggerFactory.getLogger(InFlightSteps.class);

    private final SweepState state;
    private final PaceController paceController;
    private final InFlightStatus status;
    private final Timing timing;

    /**
     * Whether the next call of {@link #receiveSteps} must receive a step before another one can be sent. It is used
     * with turns only, because without turns each call of {@link #receiveSteps} receives a step.
     */
    private boolean mustReceive;

    /**
     * Creates the steps of one run; at first none is in flight.
     *
     * @param status the status that is requested between steps, and received between their replies
     */
    InFlightSteps(SweepState state, PaceController paceController, InFlightStatus status, Timing timing) {
        this.state = state;
        this.paceController = paceController;
        this.status = status;
        this.timing = timing;
    }

    /**
     * Sends steps until as many are in flight as the pace allows, or no further segment can be opened. If the steps
     * have turns, it sends one step at most, and only once it is time for the turn of that step. Does not wait for
     * replies to steps. Sends nothing if enough steps are in flight already, for example after a change to a slower
     * pace.
     *
     * @return false if every database is covered, so that there is nothing to send or receive; true otherwise
     * @throws LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server refuses to select the database
     */
    boolean sendSteps() {
        DatabaseWalk walk = state.plan().current();
        if (walk == null) {
            receiveStatusIfNext();
            return false;
        }
        Deque<InFlightStep> inFlight = state.stepsInFlight();
        StepTurns turns = paceController.turns();
        int maxInFlight = paceController.stepsInFlight();
        mustReceive = false;
        while (inFlight.size() < maxInFlight) {
            if (turns.areUsed() && turns.untilNext(now()).isPositive()) {
                return true;
            }
            OpenSegment openSegment = walk.takeSegment(maxInFlight);
            if (openSegment == null) {
                break;
            }
            // Steps in flight run in the selected database, and no other command may be sent before their replies.
            if (inFlight.isEmpty()) {
                receiveStatusIfNext();
                state.session().database().select(walk.db());
            }
            inFlight.addLast(sendStep(walk, openSegment, maxInFlight > 1));
            status.recordStepSent();
            if (turns.areUsed()) {
                return true;
            }
        }
        // As many steps as allowed are in flight, or no segment is free for another one.
        mustReceive = true;
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
        StepTurns turns = paceController.turns();
        long sentNanos = now();
        Duration expectedCost = turns.areUsed() ? turns.expectedCost(count) : Duration.ZERO;
        StepRequest request = new StepRequest(
                openSegment.cursor(),
                walk.segmentation(),
                count,
                paceController.stepLimit(),
                session.stepNotAfterMicros(),
                turns.next(session.idleRoundTrips().shortestInSession(), sentNanos, count));
        return new InFlightStep(walk, openSegment, count, session.sendStep(request), sentNanos, expectedCost);
    }

    /**
     * Receives the oldest step in flight. If the steps have turns, receives every step whose reply must have arrived by
     * now, and waits for a reply only if no step can be sent before. Receives the status between the steps likewise.
     *
     * @return how long to wait before the next call of {@link #sendSteps}
     * @throws LinkBrokenException if the connection breaks; the steps not received are then uncertain
     */
    Duration receiveSteps() {
        StepTurns turns = paceController.turns();
        if (!turns.areUsed()) {
            return receiveOldest();
        }
        // Turns are planned only with a known round trip, so the default is never used.
        Duration roundTrip = state.session().idleRoundTrips().shortest().orElse(Duration.ZERO);
        while (isReplyDue(roundTrip)) {
            if (status.isNext()) {
                receiveStatusIfNext();
            } else {
                receiveOldest();
                mustReceive = false;
            }
        }
        return turns.untilNext(now());
    }

    /**
     * Receives the status that was requested between the steps, if it is the next reply; otherwise does nothing.
     *
     * @throws LinkBrokenException if the sweep must reconnect; the steps behind the status were received if possible
     */
    private void receiveStatusIfNext() {
        if (status.isNext()) {
            try {
                status.receive();
            } catch (LinkBrokenException e) {
                // The connection may still work, if only the status shows that the sweep must reconnect.
                receiveIfPossible();
                throw e;
            }
        }
    }

    /** Returns whether the next reply should have arrived by now, or no step can be sent before it. */
    private boolean isReplyDue(Duration roundTrip) {
        Deque<InFlightStep> inFlight = state.stepsInFlight();
        if (mustReceive && !inFlight.isEmpty()) {
            return true;
        }
        if (status.isNext()) {
            return isAnswered(status.age(), roundTrip, paceController.count());
        }
        return !inFlight.isEmpty()
                && isAnswered(
                        timing.since(inFlight.getFirst().sentNanos()),
                        roundTrip,
                        inFlight.getFirst().count());
    }

    /**
     * Waits for the reply to the oldest step in flight, and counts its visited and reclaimed keys. At least one step
     * must be in flight. A step that the server refused, since its lease had expired or it missed its turn, counts
     * nothing and is sent again later.
     *
     * @return how long to wait before the next step if the next step has no turn; zero after a refused step
     * @throws LinkBrokenException if the connection breaks; the step is then still in flight, and uncertain
     */
    private Duration receiveOldest() {
        receiveStatusIfNext();
        InFlightStep oldestStep = state.stepsInFlight().getFirst();
        MeasuredStep measuredStep =
                state.session().receiveStep(oldestStep.pendingReply(), oldestStep.count(), oldestStep.hasTurn());
        state.stepsInFlight().removeFirst();
        StepOutcome outcome = measuredStep.outcome();
        // The time is 0 if the step has not read the server's clock.
        if (outcome.startedAtMicros() != 0) {
            paceController.turns().recordJourney(oldestStep.sentNanos(), outcome.startedAtMicros());
        }
        if (outcome.refusal() != null) {
            paceController.turns().recordRefusal(oldestStep.expectedCost());
            oldestStep.openSegment().release();
            return Duration.ZERO;
        }
        // No other method is chosen while a step is in flight, so this is the method of the step.
        boolean isAtomic = state.session().inspection().method().atomic();
        state.counts().addStep(oldestStep.walk().db(), outcome, measuredStep.busy(), isAtomic);
        state.stepTimes().add(measuredStep.roundTrip(), measuredStep.busy());
        oldestStep.openSegment().advance(outcome.cursor(), oldestStep.count(), outcome.visited(), outcome.reclaimed());
        return paceController.recordStep(
                new StepMeasurement(oldestStep.count(), measuredStep.busy(), outcome.visited()),
                oldestStep.expectedCost());
    }

    /** Returns whether the reply to a step with this COUNT should have arrived this long after it was sent. */
    private boolean isAnswered(Duration age, Duration roundTrip, int count) {
        return age.compareTo(paceController.turns().expectedReply(roundTrip, count)) > 0;
    }

    private long now() {
        return timing.nanoTime().getAsLong();
    }

    /**
     * Waits for the replies to all steps in flight, and counts them. Receives a status between or behind them, too.
     * Ignores the delays of the pace.
     *
     * @throws LinkBrokenException if the connection breaks; the steps not received stay in flight
     */
    void receiveAll() {
        while (!state.stepsInFlight().isEmpty()) {
            receiveOldest();
        }
        receiveStatusIfNext();
    }

    /**
     * Waits for the replies to all steps in flight, before a checkpoint, and counts them. On a distant server, it first
     * asks for the status that the checkpoint reads, to save a round trip. The caller must take the checkpoint next.
     *
     * @throws LinkBrokenException if the connection breaks; the steps not received stay in flight
     */
    void receiveAllBeforeCheckpoint() {
        if (status.isPending()) {
            receiveAll();
        }
        if (paceController.turns().areUsed() || state.session().isFar()) {
            state.session().requestStatus();
        }
        receiveAll();
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
