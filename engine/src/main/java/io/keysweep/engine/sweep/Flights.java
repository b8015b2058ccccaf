package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.pacing.PaceSignal;
import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.reclaim.StepOrder;
import java.time.Duration;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends steps and waits for their ends: one at a time, or several at full share. Used by the sweep's thread. */
final class Flights {

    private static final Logger log = LoggerFactory.getLogger(Flights.class);

    private final SweepState state;
    private final Steering steering;

    Flights(SweepState state, Steering steering) {
        this.state = state;
        this.steering = steering;
    }

    /** Sends as many steps as may be on their way; false if there is nothing left to do. */
    boolean depart() {
        DatabaseWalk walk = state.plan().current();
        if (walk == null) {
            return false;
        }
        Session session = state.session();
        Deque<Flight> flights = state.flights();
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
            StepOrder order = new StepOrder(
                    lane.cursor(), walk.segmentation(), count, steering.stepLimit(), session.leaseMicros());
            flights.addLast(new Flight(walk, lane, count, session.begin(order)));
        }
        return true;
    }

    /** Waits for the end of the step that was sent first, counts it, and tells how long to rest after it. */
    Duration land() {
        Flight flight = state.flights().getFirst();
        Session.Step step = state.session().end(flight.sent(), flight.count());
        state.flights().removeFirst();
        if (step.outcome().late()) {
            flight.lane().release();
            return Duration.ZERO;
        }
        state.tally().add(flight.walk().db(), step.outcome(), step.busy());
        flight.lane().advance(step.outcome().cursor(), step.outcome().visited());
        return steering.restAfter(
                new PaceSignal(flight.count(), step.busy(), step.outcome().visited()));
    }

    /** Waits for the ends of all. */
    void landAll() {
        while (!state.flights().isEmpty()) {
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
