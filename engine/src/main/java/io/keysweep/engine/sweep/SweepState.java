package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.SweepPlan;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far one run has come, which its loop, the steps on their way, the recovery and the telling share: the connection,
 * the way, the counts, and what is on its way. Used by the sweep's thread.
 */
final class SweepState {

    private final SweepCounts counts;
    private final Deque<InFlightStep> inFlight = new ArrayDeque<>();
    private Session session;
    private SweepPlan plan;

    SweepState(Session session, SweepPlan plan, SweepCounts counts) {
        this.session = session;
        this.plan = plan;
        this.counts = counts;
    }

    /** The connection, perhaps broken. */
    Session session() {
        return session;
    }

    /** Goes on with another connection. */
    void session(Session fresh) {
        session = fresh;
    }

    /** The way. */
    SweepPlan plan() {
        return plan;
    }

    /** Begins another way. */
    void plan(SweepPlan fresh) {
        plan = fresh;
    }

    /** The counts. */
    SweepCounts counts() {
        return counts;
    }

    /** Steps that have been sent and not counted, in their order. */
    Deque<InFlightStep> inFlight() {
        return inFlight;
    }

    /** Where the primary is. */
    String nodeId() {
        return session.address().toString();
    }

    /** Whether what was counted is exact; steps on their way left out. */
    boolean exact() {
        return counts.exact() && session.serverInspection().method().atomic();
    }
}
