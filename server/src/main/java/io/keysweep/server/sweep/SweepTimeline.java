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
 * Adds what happens to a sweep during one attempt (one claim of a worker on the sweep) to the timeline of its scan.
 *
 * <p>Every method takes the locked sweep. The events are therefore written in the transaction of the change that they
 * describe, and only if no newer attempt has claimed the sweep. Used by one thread.
 */
final class SweepTimeline {

    /** Types that record why a sweep makes no steps. At most one event of them is open. */
    private static final Set<EventType> HOLDS = Set.of(EventType.HELD, EventType.NODE_LOST);

    private static final Set<EventType> SLOWDOWN = Set.of(EventType.SLOWED);

    /** All types with an end, which the timeline shows from when to when. */
    private static final Set<EventType> LASTING = Set.of(EventType.HELD, EventType.NODE_LOST, EventType.SLOWED);

    private final Timeline timeline;
    private final WorkerIdentity worker;

    /** Id of the process (INFO {@code run_id}) that was the primary at the last contact; null if there was none. */
    private @Nullable String lastProcess;

    /** Address of the primary at the last contact; null if there was none. */
    private @Nullable String lastPrimary;

    /** Kind of the reason why the sweep is slower than its pace allows, or null if it is not slower. */
    private @Nullable String slowdownKind;

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
    static EarlierRun readEarlierRun(LockedSweep sweep) {
        return sweep.statement(
                        "select runs, last_worker, run_id, primary_id from sweep where " + LockedSweep.SWEEP_KEY_MATCH)
                .query((row, number) -> new EarlierRun(
                        row.getInt("runs"),
                        row.getString("last_worker"),
                        row.getString("run_id"),
                        row.getString("primary_id")))
                .single();
    }

    /**
     * Begins a run: closes the events that the last run has left open, and adds what has changed since then. That is
     * the worker, if another one did the last run, and the primary, if a failover or a restart has happened.
     *
     * @param primaryNow address of the primary that the run sweeps
     */
    void addRunStart(LockedSweep sweep, EarlierRun earlier, ServerProfile profile, String primaryNow) {
        sweep.closeEvents(LASTING);
        if (earlier.worker() != null && !earlier.worker().equals(worker.id())) {
            timeline.add(sweep.event(EventType.TAKEN_OVER, null)
                    .withOriginator(timeline.thisWorker())
                    .withDetail("from worker " + earlier.worker()));
        }
        lastProcess = earlier.process();
        lastPrimary = earlier.primary();
        // In a cluster the sweep is named by the address of its primary, which may have failed over before the first
        // run.
        String plannedPrimary = sweep.key().nodeId();
        boolean hasNoEarlierPrimary = lastPrimary == null;
        if (hasNoEarlierPrimary && profile.clusterEnabled() && !plannedPrimary.equals(primaryNow)) {
            addFailover(sweep, plannedPrimary, primaryNow);
        }
        followPrimary(sweep, profile.runId(), primaryNow);
    }

    /**
     * Adds a failover if another node is the primary now, or a restart if it is another process of the same node.
     *
     * @param processNow id of the present server process (INFO {@code run_id})
     * @param primaryNow address of the present primary
     */
    void followPrimary(LockedSweep sweep, String processNow, String primaryNow) {
        boolean isOtherProcess = lastProcess != null && !lastProcess.equals(processNow);
        if (isOtherProcess) {
            if (lastPrimary == null || lastPrimary.equals(primaryNow)) {
                timeline.add(sweep.event(EventType.RESTARTED, null).withDetail(primaryNow));
            } else {
                addFailover(sweep, lastPrimary, primaryNow);
            }
        }
        lastProcess = processNow;
        lastPrimary = primaryNow;
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
    void changeHold(LockedSweep sweep, @Nullable String reason, HoldCause cause) {
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
    void changeSlowdown(LockedSweep sweep, @Nullable String reason) {
        String kind = reason == null ? null : ReasonKind.of(reason);
        if (!Objects.equals(kind, slowdownKind)) {
            if (reason == null) {
                sweep.closeEvents(SLOWDOWN);
            } else {
                timeline.begin(sweep.event(EventType.SLOWED, reason), SLOWDOWN);
            }
            slowdownKind = kind;
        }
    }

    /** Closes the event that the sweep is slower than its pace allows, because its run ends. */
    void closeSlowdown(LockedSweep sweep) {
        sweep.closeEvents(SLOWDOWN);
    }

    /** Closes all open events of the sweep, because the sweep ends. */
    void closeAll(LockedSweep sweep) {
        sweep.closeEvents(LASTING);
    }

    /** Adds that the scan has reached its timeout, once for all its sweeps. */
    void addTimeout(LockedSweep sweep, @Nullable String failure) {
        timeline.addOnce(
                TimelineEvent.of(sweep.key().scanId(), EventType.EXPIRED, sweep.now(), timeline.thisWorker(), failure));
    }
}
