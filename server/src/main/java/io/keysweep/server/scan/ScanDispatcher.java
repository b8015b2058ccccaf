package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.sweep.SweepPostponed;
import io.keysweep.server.sweep.SweepRecord;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Schedules the executions of a scan. The executions sweep its primaries and plan its rounds.
 *
 * <p>An execution is db-scheduler's entry for one piece of work; it is stored in SQL, and any worker may run it. A
 * sweep is the part of a scan that visits one primary. In a cluster, the first round sweeps all primaries once; later
 * rounds sweep the slots (parts of the key space) that have moved in the meantime.
 *
 * <p>The primaries of a scan on one host share its processors, so normally only one sweep of a host runs at a time. A
 * round begins with one sweep on each host. When a sweep ends, the next sweep of its host is scheduled. There is one
 * exception: while a sweep waits to try its server again, another sweep of its host begins. When the first sweep
 * continues, both can run at the same time.
 *
 * <p>{@link RoundPlanner} schedules the next sweep before db-scheduler removes the execution of the ended sweep. If the
 * worker dies in between, db-scheduler runs the execution of the ended sweep again. That execution schedules the next
 * sweep, so no host is left out. Scheduling an execution that exists has no effect. Thread-safe.
 */
@Component
class ScanDispatcher {

    private final ScanStore scans;

    /** Provides the scheduler lazily, because the scheduler itself needs the tasks that use this class. */
    private final ObjectProvider<Scheduler> scheduler;

    private final InstantSource clock;

    ScanDispatcher(ScanStore scans, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        this.scans = scans;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Schedules the first unfinished sweep of every host. Takes part in the transaction of the caller. */
    void scheduleFirstSweepOfEachHost(Scan scan) {
        scheduleOnePerHost(scan, sweep -> true);
    }

    /** Schedules the first unfinished sweep of one host; does nothing if the host has none left. */
    void scheduleNextSweepOfHost(Scan scan, String host) {
        scheduleOnePerHost(scan, sweep -> sweep.key().host().equals(host));
    }

    /**
     * Schedules another sweep of the same host when a sweep waits to try its server again. Does nothing if the scan has
     * ended. Only a sweep that no worker has begun is scheduled, because every other unfinished sweep has an execution
     * already.
     */
    @EventListener
    void onSweepPostponed(SweepPostponed event) {
        String host = event.key().host();
        scans.find(event.key().scanId())
                .filter(scan -> scan.state().active())
                .ifPresent(scan -> scheduleOnePerHost(
                        scan, sweep -> isUntouched(sweep) && sweep.key().host().equals(host)));
        checkForDueExecutions();
    }

    /**
     * Returns whether no worker has begun the sweep and the sweep is not on hold. A sweep is on hold, for example,
     * while its window is closed or it has no permit to run.
     */
    private static boolean isUntouched(SweepRecord sweep) {
        return sweep.runs() == 0 && sweep.hold() == null;
    }

    /**
     * Schedules, for each host, the first unfinished sweep that the condition accepts, in the order of rounds and node
     * ids. Does nothing for hosts without such a sweep.
     */
    private void scheduleOnePerHost(Scan scan, Predicate<SweepRecord> condition) {
        scan.sweeps().stream()
                .filter(sweep -> !sweep.finished() && condition.test(sweep))
                .collect(Collectors.toMap(sweep -> sweep.key().host(), SweepRecord::key, (first, second) -> first))
                .values()
                .forEach(key -> scheduler
                        .getObject()
                        .scheduleIfNotExists(
                                ScanTasks.SWEEP.instance(key.toString()).build(),
                                clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    /** Schedules the execution that plans a round; does nothing if it exists. */
    void schedulePlan(UUID scanId, int round) {
        scheduler
                .getObject()
                .scheduleIfNotExists(
                        ScanTasks.PLAN.instance(PlanTask.id(scanId, round)).build(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * Makes this process's db-scheduler begin scheduled executions now, instead of at its next poll. Must not be called
     * inside the transaction that schedules them, because other threads do not see the executions before the commit.
     */
    void checkForDueExecutions() {
        scheduler.getObject().triggerCheckForDueExecutions();
    }
}
