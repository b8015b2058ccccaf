package io.keysweep.server.sweep;

import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.ReasonKind;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import io.keysweep.server.worker.WorkerIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds the events of a sweep during one attempt (one claim of a worker on the sweep) to the timeline of its scan.
 *
 * <p>A run is the work of one worker on the sweep without a break; an attempt has at most one. A hold is a time in
 * which the sweep sends no steps (calls that visit keys). Every method takes the locked sweep. The events are therefore
 * written in the transaction of the change that they describe, and only if no newer attempt has claimed the sweep. Only
 * one thread may use an object of this class.
 */
final class SweepTimeline {

    /** Types that record why a sweep sends no steps. A sweep has at most one open event of these types. */
    private static final Set<EventType> HOLDS = Set.of(EventType.HELD, EventType.NODE_LOST);

    private static final Set<EventType> SLOWDOWN = Set.of(EventType.SLOWED);

    /** Types of the events of a sweep that have an end. Such an event is open until it is closed. */
    private static final Set<EventType> LASTING =
            Set.of(EventType.HELD, EventType.NODE_LOST, EventType.SLOWED, EventType.ASSISTING);

    private final Timeline timeline;
    private final WorkerIdentity worker;

    /** Id of the process (INFO {@code run_id}) that was the primary at the last contact; null if there was none. */
    private @Nullable String lastProcess;

    /** Address of the primary at the last contact; null if there was none. */
    private @Nullable String lastPrimary;

    /**
     * Why the sweep is slower than its pace allows, without figures (see {@link ReasonKind}); null if it is not slower.
     * A change of the figures alone is not written to the database.
     */
    private @Nullable String slowdownKind;

    /**
     * Describes the last run of the sweep before this attempt. If there was none, the number of runs is 0.
     *
     * @param runs number of runs until now
     * @param worker worker of the last run, or null if there was none
     * @param process id of the server's process at the last checkpoint, or null if there was none
     * @param primary address of the primary at the last contact, or null if there was none
     */
    record EarlierRun(
            int runs,
            @Nullable String worker,
            @Nullable String process,
            @Nullable String primary) {

        /** Reads the last run from a row of {@code sweep}, which must have all columns of the table. */
        static EarlierRun of(ResultSet row) throws SQLException {
            return new EarlierRun(
                    row.getInt("runs"),
                    row.getString("last_worker"),
                    row.getString("run_id"),
                    row.getString("primary_id"));
        }
    }

    SweepTimeline(Timeline timeline, WorkerIdentity worker) {
        this.timeline = timeline;
        this.worker = worker;
    }

    /**
     * Begins a run: closes the events that the last run has left open, and adds events for the changes since the last
     * run. A change can be another worker, a failover to another primary, or a restart of the primary.
     *
     * @param earlier the last run before this attempt
     * @param held whether the sweep was on hold until this run
     * @param profile properties of the server that the run sweeps
     * @param primaryNow address of the primary that the run sweeps
     */
    void addRunStart(LockedSweep sweep, EarlierRun earlier, boolean held, ServerProfile profile, String primaryNow) {
        if (earlier.runs() > 0 || held) {
            sweep.closeEvents(LASTING);
        }
        if (earlier.worker() != null && !earlier.worker().equals(worker.id())) {
            timeline.add(sweep.event(EventType.TAKEN_OVER, /* why= */ null)
                    .withOriginator(timeline.thisWorker())
                    .withDetail("from worker " + earlier.worker()));
        }
        lastProcess = earlier.process();
        lastPrimary = earlier.primary();
        // In a cluster the node id is the address that the primary had when the sweep was planned. Only the node id
        // shows a failover between the plan and the first run, because no earlier run has recorded a primary.
        String plannedPrimary = sweep.key().nodeId();
        boolean hasNoEarlierPrimary = lastPrimary == null;
        if (hasNoEarlierPrimary && profile.clusterEnabled() && !plannedPrimary.equals(primaryNow)) {
            addFailover(sweep, plannedPrimary, primaryNow);
        }
        followPrimary(sweep, profile.runId(), primaryNow);
    }

    /**
     * Adds a failover if another node is the primary now, or a restart if the node has another process now. Adds
     * nothing if the process is the last known one, or if none was known. Remembers both parameters for the next call.
     *
     * @param processNow id of the current server process (INFO {@code run_id})
     * @param primaryNow address of the current primary
     */
    void followPrimary(LockedSweep sweep, String processNow, String primaryNow) {
        boolean isOtherProcess = lastProcess != null && !lastProcess.equals(processNow);
        if (isOtherProcess) {
            if (lastPrimary == null || lastPrimary.equals(primaryNow)) {
                timeline.add(sweep.event(EventType.RESTARTED, /* why= */ null).withDetail(primaryNow));
            } else {
                addFailover(sweep, lastPrimary, primaryNow);
            }
        }
        lastProcess = processNow;
        lastPrimary = primaryNow;
    }

    private void addFailover(LockedSweep sweep, String from, String to) {
        timeline.add(sweep.event(EventType.FAILED_OVER, /* why= */ null).withDetail("from " + from + " to " + to));
    }

    /** Adds that the number of reclaimed keys has become an estimate, and why. */
    void addEstimate(LockedSweep sweep, String reason) {
        timeline.add(sweep.event(EventType.ESTIMATED, reason).withOriginator(timeline.thisWorker()));
    }

    /**
     * Adds that a hold has begun, or closes the event of the hold that has ended. A hold that a user has requested adds
     * no event, because the request has added one.
     *
     * @param reason why the sweep is on hold, or null if it continues
     * @param cause what keeps the sweep on hold: the server, the lost connection or a request of a user
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
     * Adds that the sweep is slower than its pace allows, or closes that event if the sweep is no longer slower. Does
     * nothing if the kind of the reason has not changed since the last call.
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

    /** Closes the open event of a slowdown, because the run ends. Does nothing if there is none. */
    void closeSlowdown(LockedSweep sweep) {
        changeSlowdown(sweep, /* reason= */ null);
    }

    /** Closes all open events of the sweep, because the sweep ends. */
    void closeAll(LockedSweep sweep) {
        sweep.closeEvents(LASTING);
    }

    /**
     * Adds that the scan has reached its timeout, unless another sweep of the scan has already added that.
     *
     * @param failure why the sweep has failed, in words for users
     */
    void addTimeout(LockedSweep sweep, @Nullable String failure) {
        timeline.addOnce(
                TimelineEvent.of(sweep.key().scanId(), EventType.EXPIRED, sweep.now(), timeline.thisWorker(), failure));
    }
}
