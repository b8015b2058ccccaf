package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.plan.OpenSegment;
import java.time.Duration;

/**
 * An in-flight step has been sent to the server, but its reply has not been received yet.
 *
 * <p>A step is one call that visits keys. {@link InFlightSteps} creates the record when it sends the step,
 * and removes it when the reply has arrived. If the connection breaks first, the step is uncertain: the server may or
 * may not have run it.
 *
 * @param walk the walk through the database that the step runs in
 * @param openSegment the segment of the database that the step runs in; no other step runs there at the same time
 * @param count the COUNT of the step
 * @param pendingReply gives the reply once it has arrived
 * @param sentNanos when the step was sent, ns by {@link Timing#nanoTime}
 * @param expectedCost the server time for which the step's turn was planned, see {@link StepTurns}; zero for a step
 *     without a turn
 */
record InFlightStep(
        DatabaseWalk walk,
        OpenSegment openSegment,
        int count,
        NodeLink.Sent pendingReply,
        long sentNanos,
        Duration expectedCost) {

    /** Returns whether the step has a turn, see {@link StepTurns}. */
    boolean hasTurn() {
        return !expectedCost.isZero();
    }
}
