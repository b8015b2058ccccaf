package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.plan.SweepPlan;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The sweep state holds the data that the classes of one running sweep share.
 *
 * <p>The data are the session (the connection), the plan of what to visit, the counts, and the steps in flight: SCAN
 * calls that were sent and not answered. {@link Recovery} replaces the session after a broken connection and may
 * replace the plan, so the other classes must ask for them each time. Used by the sweep's thread only.
 */
final class SweepState {

    private final SweepCounts counts;
    private final DeletionPoint deletionPoint;
    private final StepTimeMeter stepTimes = new StepTimeMeter();
    private final Deque<InFlightStep> stepsInFlight = new ArrayDeque<>();
    private Session session;
    private SweepPlan plan;

    SweepState(Session session, SweepPlan plan, SweepCounts counts, DeletionPoint deletionPoint) {
        this.session = session;
        this.plan = plan;
        this.counts = counts;
        this.deletionPoint = deletionPoint;
    }

    /** Returns the current session, whose connection may be broken. */
    Session session() {
        return session;
    }

    /** Continues with another session. Does not close the old one. */
    void replaceSession(Session newSession) {
        session = newSession;
    }

    /** Returns the plan, which knows what is covered and which segment comes next. */
    SweepPlan plan() {
        return plan;
    }

    /** Continues with another plan, which starts the pass again. */
    void replacePlan(SweepPlan newPlan) {
        plan = newPlan;
    }

    /** Returns the counts over all runs of this sweep. */
    SweepCounts counts() {
        return counts;
    }

    /** Returns where in the replication stream the deletions of the sweep end. */
    DeletionPoint deletionPoint() {
        return deletionPoint;
    }

    /** Returns the times of the steps of this run. */
    StepTimeMeter stepTimes() {
        return stepTimes;
    }

    /** Returns the steps that have been sent and not yet counted, oldest first; callers add and remove. */
    Deque<InFlightStep> stepsInFlight() {
        return stepsInFlight;
    }

    /**
     * Records in the plan how many keys the database that is being swept holds by now, if the session has counted them.
     * Sends nothing to the server.
     */
    void observeKeys() {
        DatabaseWalk walk = plan.current();
        if (walk != null) {
            session.database().keysSeenIn(walk.db()).ifPresent(walk::observeKeys);
        }
    }

    /** Returns the primary's address as {@code host:port}. */
    String nodeId() {
        return session.address().toString();
    }

    /**
     * Returns whether the number of reclaimed keys is an exact count: the counts are, and the present reclaim method is
     * atomic. Steps in flight are not considered.
     */
    boolean exact() {
        return counts.exact() && session.inspection().method().atomic();
    }
}
