package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.SweepPlan;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far one run has come, which its loop, the steps on their way, the recovery and the telling share: the connection,
 * the way, the counts, and what is on its way. Used by the sweep's thread.
 */
final class SweepState {

    private final Tally tally;
    private final Deque<Flight> flights = new ArrayDeque<>();
    private Session session;
    private SweepPlan plan;

    SweepState(Session session, SweepPlan plan, Tally tally) {
        this.session = session;
        this.plan = plan;
        this.tally = tally;
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
    Tally tally() {
        return tally;
    }

    /** Steps that have been sent and not counted, in their order. */
    Deque<Flight> flights() {
        return flights;
    }

    /** Where the primary is. */
    String nodeId() {
        return session.address().toString();
    }

    /** Whether what was counted is exact; steps on their way left out. */
    boolean exact() {
        return tally.exact() && session.survey().method().atomic();
    }
}
