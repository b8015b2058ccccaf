package io.keysweep.server.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.ReasonKind;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import io.keysweep.server.worker.WorkerIdentity;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds what happens to a sweep during one attempt to the timeline of its scan.
 *
 * <p>Every method takes the locked sweep, so that the events are written under the fence of the attempt and in the
 * transaction of the change that they describe. Used by one thread.
 */
final class SweepTimeline {

    /** Types that record why a sweep makes no steps. At most one event of them is open. */
    private static final Set<EventType> HOLDS = Set.of(EventType.HELD, EventType.NODE_LOST);

    private static final Set<EventType> SLOWED = Set.of(EventType.SLOWED);

    /** All types with an end, which the timeline shows from when to when. */
    private static final Set<EventType> LASTING = Set.of(EventType.HELD, EventType.NODE_LOST, EventType.SLOWED);

    private final Timeline timeline;
    private final WorkerIdentity worker;

    /** Id of the process (INFO {@code run_id}) that was the primary at the last contact; null if there was none. */
    private @Nullable String process;

    /** Address of the primary at the last contact; null if there was none. */
    private @Nullable String primary;

    /** Kind of the reason why the sweep is slower than its pace allows, or null if it is not. */
    private @Nullable String slowedBy;

    /**
     * Describes the last run of an earlier attempt.
     *
     * @param runs number of runs so far
     * @param worker worker of the last run, or null if there was none
     * @param process id of the server's process at the last checkpoint, or null if there was none
     * @param primary address of the primary at the last contact, or null if there was none
     */
    record EarlierRun(
            int runs,
            @Nullable String worker,
            @Nullable String process,
            @Nullable String primary) {}

    SweepTimeline(Timeline timeline, WorkerIdentity worker) {
        this.timeline = timeline;
        this.worker = worker;
    }

    /** Reads the last run of an earlier attempt from the row of the sweep. */
    static EarlierRun earlierRun(LockedSweep sweep) {
        return sweep.statement(
                        "select runs, last_worker, run_id, primary_id from sweep where " + LockedSweep.SWEEP_KEY_MATCH)
                .query((row, number) -> new EarlierRun(
                        row.getInt("runs"),
                        row.getString("last_worker"),
                        row.getString("run_id"),
                        row.getString("primary_id")))
                .single();
    }

    /** Adds that this worker has taken over the sweep, if another one did the last run. */
    void started(LockedSweep sweep, EarlierRun earlier, ServerProfile profile, String primaryNow) {
        sweep.closeEvents(LASTING);
        if (earlier.worker() != null && !earlier.worker().equals(worker.id())) {
            timeline.add(sweep.event(EventType.TAKEN_OVER, null)
                    .withOriginator(timeline.thisWorker())
                    .withDetail("from worker " + earlier.worker()));
        }
        process = earlier.process();
        primary = earlier.primary();
        String planned = sweep.key().nodeId();
        // In a cluster the sweep is named by the address of its primary, which may have failed over before the first
        // run.
        if (primary == null && profile.clusterEnabled() && !planned.equals(primaryNow)) {
            addFailover(sweep, planned, primaryNow);
        }
        followPrimary(sweep, profile.runId(), primaryNow);
    }

    /** Adds a failover or a restart, if another node or another process of the same node is the primary now. */
    void followPrimary(LockedSweep sweep, String processNow, String primaryNow) {
        if (process != null && !process.equals(processNow)) {
            if (primary == null || primary.equals(primaryNow)) {
                timeline.add(sweep.event(EventType.RESTARTED, null).withDetail(primaryNow));
            } else {
                addFailover(sweep, primary, primaryNow);
            }
        }
        process = processNow;
        primary = primaryNow;
    }

    private void addFailover(LockedSweep sweep, String from, String to) {
        timeline.add(sweep.event(EventType.FAILED_OVER, null).withDetail("from " + from + " to " + to));
    }

    /**
     * Adds that a hold has begun or ended. A hold that a person has requested is in the timeline already.
     *
     * @param reason why the sweep is on hold, or null if it continues
     * @param cause whether the server, the lost connection or a request of a user holds the sweep
     */
    void held(LockedSweep sweep, @Nullable String reason, HoldCause cause) {
        if (reason == null || cause == HoldCause.REQUEST) {
            sweep.closeEvents(HOLDS);
        } else {
            EventType type = cause == HoldCause.CONNECTION ? EventType.NODE_LOST : EventType.HELD;
            timeline.begin(sweep.event(type, reason), HOLDS);
        }
    }

    /**
     * Adds that the sweep is slower than its pace allows or no longer is, if that has changed.
     *
     * @param reason why the sweep is slower, or null if it is not
     */
    void slowed(LockedSweep sweep, @Nullable String reason) {
        String kind = reason == null ? null : ReasonKind.of(reason);
        if (!Objects.equals(kind, slowedBy)) {
            if (reason == null) {
                sweep.closeEvents(SLOWED);
            } else {
                timeline.begin(sweep.event(EventType.SLOWED, reason), SLOWED);
            }
            slowedBy = kind;
        }
    }

    /** Ends the event of a sweep that was slower, when its run ends. */
    void runEnded(LockedSweep sweep) {
        sweep.closeEvents(SLOWED);
    }

    /** Ends all events of the sweep that last, when the sweep ends. */
    void ended(LockedSweep sweep) {
        sweep.closeEvents(LASTING);
    }

    /** Adds that the scan has reached its timeout, once for all its sweeps. */
    void expired(LockedSweep sweep, @Nullable String failure) {
        timeline.addOnce(
                TimelineEvent.of(sweep.key().scanId(), EventType.EXPIRED, sweep.now(), timeline.thisWorker(), failure));
    }
}
