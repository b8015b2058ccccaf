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
 * <p>A round sweeps all primaries once; later rounds sweep the slots that have moved meanwhile. Only one sweep of a host
 * runs at a time, because the primaries on a host share its processors. The exception is a sweep that waits: another
 * one then begins, and both run if the first one can continue. A round begins with one sweep on each host. Each sweep that ends schedules the next sweep of its own host, before its own
 * execution is removed: if the worker dies in between, db-scheduler revives the execution, and no host is left out. An
 * execution that is scheduled a second time changes nothing. Thread-safe.
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
        scans.find(event.key().scanId())
                .filter(scan -> scan.state().active())
                .ifPresent(scan -> scheduleOnePerHost(
                        scan,
                        sweep -> sweep.hold() == null
                                && sweep.runs() == 0
                                && sweep.key().host().equals(event.key().host())));
        checkForDueExecutions();
    }

    /** Schedules, for each host, the first unfinished sweep that is accepted. */
    private void scheduleOnePerHost(Scan scan, Predicate<SweepRecord> accepted) {
        scan.sweeps().stream()
                .filter(sweep -> !sweep.finished() && accepted.test(sweep))
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
