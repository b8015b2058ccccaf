package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.plan.SweepPlan;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Holds the data that the classes of one running sweep share.
 *
 * <p>The data are the session (the connection), the plan of the databases and segments, the counts, and the steps in
 * flight (calls that visit keys, sent and not answered). After a broken connection, {@link Recovery}
 * replaces the session and sometimes the plan, so other classes must not keep either of them. Used by the sweep's
 * thread only.
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

    /** Returns the current session, whose connection may be broken; a later call may return another session. */
    Session session() {
        return session;
    }

    /** Continues with another session. Does not close the old one. */
    void replaceSession(Session newSession) {
        session = newSession;
    }

    /** Returns the plan, which tracks the covered parts and selects the next segment. */
    SweepPlan plan() {
        return plan;
    }

    /** Replaces the plan by another one, which visits all databases from the start again. */
    void replacePlan(SweepPlan newPlan) {
        plan = newPlan;
    }

    /** Returns the counts over all runs of this sweep. */
    SweepCounts counts() {
        return counts;
    }

    /** Returns the point of the replication stream after the deletions of the sweep. */
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
     * Records in the plan how many keys the current database holds, if the session has counted them. Sends no command.
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
     * Returns whether the number of reclaimed keys is an exact count. That is the case if all counts so far are exact
     * and the current reclaim method is atomic. Steps in flight do not matter.
     */
    boolean exact() {
        return counts.exact() && session.inspection().method().atomic();
    }
}
