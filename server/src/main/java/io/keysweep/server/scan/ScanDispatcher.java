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
 * Schedules the db-scheduler executions of a scan: those that sweep its primaries, and those that plan its rounds.
 *
 * <p>A sweep visits all keys of one primary. In a cluster, a round sweeps all primaries once; later rounds sweep the
 * slots (parts of the key space) that have moved meanwhile.
 *
 * <p>The primaries on a host share its processors, so only one sweep of a host runs at a time. A round begins with one
 * sweep on each host. When a sweep ends, the next sweep of its host is scheduled. If a sweep must wait before it tries
 * its server again, another sweep of its host begins, and both run once the first one continues.
 *
 * <p>The next sweep is scheduled before the execution of the ended sweep is removed. If the worker dies in between,
 * db-scheduler revives that execution, and no host is left out. An execution that is scheduled a second time changes
 * nothing. Thread-safe.
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

    /** Schedules the first unfinished sweep of every host. */
    void scheduleFirstSweepOfEachHost(Scan scan) {
        scheduleOnePerHost(scan, sweep -> true);
    }

    /** Schedules the first unfinished sweep of one host; does nothing if the host has none left. */
    void scheduleNextSweepOfHost(Scan scan, String host) {
        scheduleOnePerHost(scan, sweep -> sweep.key().host().equals(host));
    }

    /**
     * Schedules another sweep of the same host when a sweep waits to try its server again. Only a sweep that no worker
     * has begun is scheduled, because every other one has an execution of its own already.
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

    /** Returns whether no worker has begun the sweep or has made it wait. */
    private static boolean isUntouched(SweepRecord sweep) {
        return sweep.runs() == 0 && sweep.hold() == null;
    }

    /**
     * Schedules, for each host, the first unfinished sweep that the condition accepts. Does nothing for other hosts.
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
     * Makes this process's db-scheduler begin scheduled executions at once, instead of at its next poll. Must not be
     * called inside the transaction that schedules, because other threads do not see the executions before its end.
     */
    void checkForDueExecutions() {
        scheduler.getObject().triggerCheckForDueExecutions();
    }
}
