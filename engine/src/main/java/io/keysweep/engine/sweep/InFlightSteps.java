package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.pacing.PaceSignal;
import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.reclaim.StepRequest;
import java.time.Duration;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends steps and waits for their ends: one at a time, or several at full share. Used by the sweep's thread. */
final class InFlightSteps {

    private static final Logger log = LoggerFactory.getLogger(InFlightSteps.class);

    private final SweepState state;
    private final PaceController paceController;

    InFlightSteps(SweepState state, PaceController paceController) {
        this.state = state;
        this.paceController = paceController;
    }

    /** Sends as many steps as may be on their way; false if there is nothing left to do. */
    boolean depart() {
        DatabaseWalk walk = state.plan().current();
        if (walk == null) {
            return false;
        }
        Session session = state.session();
        Deque<InFlightStep> inFlight = state.inFlight();
        int most = paceController.stepsInFlight();
        while (inFlight.size() < most) {
            DatabaseWalk.OpenSegment openSegment = walk.takeSegment(most);
            if (openSegment == null) {
                break;
            }
            if (inFlight.isEmpty()) {
                session.select(walk.db());
            }
            int wanted = most > 1
                    ? Math.min(
                            paceController.count(),
                            session.serverInspection().method().largestUsefulCount())
                    : paceController.count();
            int count = openSegment.limitCount(wanted);
            StepRequest order = new StepRequest(
                    openSegment.cursor(),
                    walk.segmentation(),
                    count,
                    paceController.stepLimit(),
                    session.leaseMicros());
            inFlight.addLast(new InFlightStep(walk, openSegment, count, session.begin(order)));
        }
        return true;
    }

    /** Waits for the end of the step that was sent first, counts it, and tells how long to rest after it. */
    Duration land() {
        InFlightStep inFlightStep = state.inFlight().getFirst();
        Session.Step step = state.session().end(inFlightStep.sent(), inFlightStep.count());
        state.inFlight().removeFirst();
        if (step.outcome().late()) {
            inFlightStep.openSegment().release();
            return Duration.ZERO;
        }
        state.counts().add(inFlightStep.walk().db(), step.outcome(), step.busy());
        inFlightStep
                .openSegment()
                .advance(step.outcome().cursor(), step.outcome().visited());
        return paceController.restAfter(
                new PaceSignal(inFlightStep.count(), step.busy(), step.outcome().visited()));
    }

    /** Waits for the ends of all. */
    void landAll() {
        while (!state.inFlight().isEmpty()) {
            land();
        }
    }

    /** Lands what can be landed before the run ends; the rest stays in doubt. */
    void landIfPossible() {
        try {
            landAll();
        } catch (LinkBrokenException e) {
            log.debug("{}: steps on their way are in doubt", state.nodeId(), e);
        }
    }
}
