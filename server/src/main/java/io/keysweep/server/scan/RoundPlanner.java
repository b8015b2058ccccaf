package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.WaitingSweeps;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.sweep.RetryDelay;
import io.keysweep.server.sweep.SweepEnded;
import io.keysweep.server.sweep.SweepPostponed;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.WaitingExecution;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import io.keysweep.server.worker.ProjectSlots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides what a scan does next: which sweeps of a round may run, whether a cluster needs another round, or that the
 * scan ends.
 *
 * <p>A round sweeps the shards of a cluster side by side. Slots that move to another primary during a round are swept
 * in the next one. After a crash a decision can be made a second time, and then changes nothing. Thread-safe.
 */
@Component
class RoundPlanner {

    private static final Logger LOG = LoggerFactory.getLogger(RoundPlanner.class);

    /** Delay before a cluster that did not answer is discovered again. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(2);

    /**
     * Maximum time for discovering the primaries before the first round. Later rounds have until the timeout of the
     * scan.
     */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(60);

    /** Maximum length of the column {@code scan.failure} in characters. */
    private static final int MAX_FAILURE_LENGTH = 1000;

    private final ScanStore scans;
    private final SweepStore sweeps;
    private final ClusterReadings readings;
    private final Timeline timeline;
    private final InstanceStore instances;
    private final SweepEngine engine;
    private final ObjectProvider<Scheduler> scheduler;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final RunningSweeps running;
    private final WaitingSweeps waiting;
    private final ProjectSlots slots;

    RoundPlanner(
            ScanStore scans,
            SweepStore sweeps,
            ClusterReadings readings,
            Timeline timeline,
            InstanceStore instances,
            SweepEngine engine,
            ObjectProvider<Scheduler> scheduler,
            TransactionTemplate transaction,
            InstantSource clock,
            RunningSweeps running,
            WaitingSweeps waiting,
            ProjectSlots slots) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.readings = readings;
        this.timeline = timeline;
        this.instances = instances;
        this.engine = engine;
        this.scheduler = scheduler;
        this.transaction = transaction;
        this.clock = clock;
        this.running = running;
        this.waiting = waiting;
        this.slots = slots;
    }

    /**
     * Begins a scan in the transaction that stores it. The scan of a cluster has no sweeps yet, so its first round is
     * planned. Any other scan has one sweep, which is scheduled at once.
     */
    void begin(Scan scan) {
        if (scan.sweeps().isEmpty()) {
            schedulePlan(scan.id(), 1);
        } else {
            dispatch(scan, host -> true);
        }
    }

    /**
     * Continues a scan after one of its sweeps has ended: schedules the next sweep, plans the next round or ends the
     * scan.
     */
    @EventListener
    void onSweepEnded(SweepEnded event) {
        UUID scanId = event.key().scanId();
        Scan scan = scans.find(scanId).orElseThrow();
        if (!scan.state().active()) {
            return;
        }
        if (!scan.sweeps().stream().allMatch(SweepRecord::finished)) {
            dispatch(scan, event.key().host()::equals);
            scheduler.getObject().triggerCheckForDueExecutions();
            return;
        }
        @Nullable String failure = failure(scan);
        if (failure == null && deployment(scan) instanceof Deployment.Cluster) {
            schedulePlan(scanId, round(scan) + 1);
            scheduler.getObject().triggerCheckForDueExecutions();
        } else {
            finish(scan, failure);
        }
    }

    /**
     * Schedules the next sweep of the host of a sweep that waits to try its server again. No more than one sweep of the
     * host has begun otherwise.
     */
    @EventListener
    void onSweepPostponed(SweepPostponed event) {
        scans.find(event.key().scanId())
                .filter(scan -> scan.state().active())
                .ifPresent(scan -> dispatchFirst(
                        scan,
                        sweep -> sweep.hold() == null
                                && sweep.runs() == 0
                                && sweep.key().host().equals(event.key().host())));
        scheduler.getObject().triggerCheckForDueExecutions();
    }

    /**
     * Schedules the next unfinished sweep of each host that {@code hosts} accepts. Only one sweep of a host runs at a
     * time, because the primaries on a host share its processors.
     *
     * <p>A round begins on all hosts. After that, each sweep that ends schedules the next sweep of its own host, before
     * its own execution is removed. If the worker dies in between, db-scheduler revives the execution, and no host is
     * left out.
     */
    private void dispatch(Scan scan, Predicate<String> hosts) {
        dispatchFirst(scan, sweep -> hosts.test(sweep.key().host()));
    }

    /** Schedules the first unfinished sweep of each host among those that {@code sweeps} accepts. */
    private void dispatchFirst(Scan scan, Predicate<SweepRecord> accepted) {
        scan.sweeps().stream()
                .filter(sweep -> !sweep.finished() && accepted.test(sweep))
                .collect(Collectors.toMap(sweep -> sweep.key().host(), SweepRecord::key, (first, second) -> first))
                .values()
                .forEach(key -> scheduler
                        .getObject()
                        .scheduleIfNotExists(
                                ScanTasks.SWEEP.instance(key.toString()).build(), now()));
    }

    /** Schedules the execution that plans a round; does nothing if it exists. */
    private void schedulePlan(UUID scanId, int round) {
        scheduler
                .getObject()
                .scheduleIfNotExists(
                        ScanTasks.PLAN.instance(PlanTask.id(scanId, round)).build(), now());
    }

    /**
     * Plans a round of a cluster's scan. Returns what db-scheduler must do with the execution: remove it, or run it
     * again later.
     */
    CompletionHandler<Void> plan(UUID scanId, int round) {
        Optional<Scan> found = scans.find(scanId).filter(scan -> scan.state().active());
        // The scan has ended, or an execution has planned this round before a crash.
        if (found.isEmpty() || round(found.get()) >= round) {
            return (complete, operations) -> operations.remove();
        }
        // Only the instructions of the scan count here. Windows and budgets restrict sweeps, but not discovery.
        SweepDecision decision = running.byInstructions(scanId);
        if (decision instanceof SweepDecision.End end) {
            finish(found.get(), end.failure());
            return (complete, operations) -> operations.remove();
        }
        if (decision instanceof SweepDecision.Wait wait) {
            return WaitingExecution.until(
                    WaitingExecution.nextCheck(wait, found.get().deadline(), now()),
                    () -> waiting.recheckPlan(PlanTask.id(scanId, round), scanId));
        }
        // Nodes that do not answer keep a thread for long, so the clusters of one project get some threads only.
        String projectId =
                instances.find(found.get().instanceId()).orElseThrow().projectId();
        if (!slots.take(projectId)) {
            return (complete, operations) -> operations.reschedule(complete, now().plus(RETRY_DELAY));
        }
        try {
            return discover(found.get(), round);
        } finally {
            slots.giveBack(projectId);
        }
    }

    /** Starts the scan if it has not started, discovers the primaries of its cluster and plans the round. */
    private CompletionHandler<Void> discover(Scan scan, int round) {
        UUID scanId = scan.id();
        Optional<Instant> startedAt = scans.start(scanId, now());
        if (startedAt.isEmpty()) {
            return (complete, operations) -> operations.remove();
        }
        try {
            plan(scan, engine.discover(deployment(scan)));
            return (complete, operations) -> operations.remove();
        } catch (NodeRefusedException e) {
            if (now().isBefore(startedAt.get().plus(patience(scan, round, e)))) {
                LOG.warn("Scan {}, round {}: {}", scanId, round, e.getMessage());
                Instant next = now().plus(
                                scan.type() == ScanType.AUTO ? RetryDelay.after(startedAt.get(), now()) : RETRY_DELAY);
                return (complete, operations) -> operations.reschedule(complete, next);
            }
            finish(scan, String.valueOf(e.getMessage()));
            return (complete, operations) -> operations.remove();
        }
    }

    /**
     * Returns how long after its start a scan may go on trying to discover the primaries for a round. An automatic scan
     * tries until its timeout if the cause of the failure may pass, as no person waits for its result.
     */
    private static Duration patience(Scan scan, int round, NodeRefusedException e) {
        if (scan.type() == ScanType.AUTO && e.mayPass(/* primaryCanMove= */ true)) {
            return scan.timeout();
        }
        return round == 1 && FIRST_PATIENCE.compareTo(scan.timeout()) < 0 ? FIRST_PATIENCE : scan.timeout();
    }

    /** Stores and schedules the sweeps of the next round. Ends the scan if there is no further round. */
    private void plan(Scan scan, Topology topology) {
        SlotSet covered = scan.covered();
        boolean first = scan.sweeps().isEmpty();
        Optional<SweepRound> next = first
                ? Optional.of(SweepRound.first(topology))
                        .filter(round -> !round.shards().isEmpty())
                : new SweepRound(round(scan), topology.shards(), topology.unassigned()).next(topology, covered);
        if (next.isEmpty()) {
            finish(scan, uncovered(topology, covered));
            return;
        }
        LOG.info(
                "Scan {}, round {}: {} primaries",
                scan.id(),
                next.get().number(),
                next.get().shards().size());
        Optional<List<PrimaryReading>> before = first ? readings.take(deployment(scan), topology) : Optional.empty();
        transaction.executeWithoutResult(status -> {
            before.ifPresent(taken -> readings.storeBefore(scan.id(), taken));
            timeline.add(event(scan, next.get()));
            next.get().shards().stream()
                    .map(shard -> SweepRecord.waiting(
                            scan.id(), next.get().number(), shard.primary().toString(), shard.slots()))
                    .forEach(sweeps::insert);
            dispatch(scans.find(scan.id()).orElseThrow(), host -> true);
        });
        scheduler.getObject().triggerCheckForDueExecutions();
    }

    private TimelineEvent event(Scan scan, SweepRound round) {
        String primaries =
                round.shards().stream().map(shard -> shard.primary().toString()).collect(Collectors.joining(", "));
        return TimelineEvent.of(scan.id(), EventType.ROUND, now(), timeline.thisWorker(), null)
                .withDetail("round " + round.number() + ": " + primaries);
    }

    /**
     * Returns the failure of a scan that has not covered every slot, or null if every slot is covered. A slot is
     * covered if one primary served it from the start of its sweep to the end.
     */
    private static @Nullable String uncovered(Topology topology, SlotSet covered) {
        SlotSet unassigned = topology.unassigned();
        if (!unassigned.isEmpty()) {
            return "Slots " + unassigned + " are served by no primary, so that their keys cannot be reached.";
        }
        SlotSet uncovered = SlotSet.ALL.minus(covered);
        return uncovered.isEmpty()
                ? null
                : "Slots " + uncovered + " were covered by no primary from start to end in " + SweepRound.MAX_ROUNDS
                        + " rounds, as they moved every time.";
    }

    /** Ends the scan: as failed if there is a failure, otherwise as successful. */
    private void finish(Scan scan, @Nullable String failure) {
        String text = failure == null || failure.length() <= MAX_FAILURE_LENGTH
                ? failure
                : failure.substring(0, MAX_FAILURE_LENGTH);
        ScanState end = text == null ? ScanState.SUCCESS : ScanState.FAILED;
        Deployment deployment = deployment(scan);
        Optional<List<PrimaryReading>> after =
                deployment instanceof Deployment.Cluster && !scan.sweeps().isEmpty()
                        ? readings.take(deployment)
                        : Optional.empty();
        transaction.executeWithoutResult(status -> {
            if (scans.finish(scan.id(), end, text, now())) {
                after.ifPresent(taken -> readings.storeAfter(scan.id(), taken));
            }
        });
    }

    private Deployment deployment(Scan scan) {
        return instances.find(scan.instanceId()).map(Instance::deployment).orElseThrow();
    }

    /** Returns the number of the last planned round, or 0 if none is planned yet. */
    private static int round(Scan scan) {
        return scan.sweeps().stream().mapToInt(SweepRecord::round).max().orElse(0);
    }

    /** Returns the failure of the first sweep that has one, or null if no sweep has failed. */
    private static @Nullable String failure(Scan scan) {
        return scan.sweeps().stream()
                .map(SweepRecord::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns the present time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
