package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides what of a scan comes next: which sweeps of a round may run, another round of a cluster, or the end. Whatever it
 * does may be done again after a crash, and changes nothing then. Safe to share.
 */
@Component
class RoundPlanner {

    private static final Logger LOG = LoggerFactory.getLogger(RoundPlanner.class);

    /** How soon a cluster that does not answer is asked again. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** How long it is asked before the first round; later ones have the whole time of the scan. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int MOST_TEXT = 1000;

    private final ScanStore scans;
    private final SweepStore sweeps;
    private final InstanceStore instances;
    private final SweepEngine engine;
    private final ObjectProvider<Scheduler> scheduler;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final RunningSweeps running;

    RoundPlanner(
            ScanStore scans,
            SweepStore sweeps,
            InstanceStore instances,
            SweepEngine engine,
            ObjectProvider<Scheduler> scheduler,
            TransactionTemplate transaction,
            InstantSource clock,
            RunningSweeps running) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.instances = instances;
        this.engine = engine;
        this.scheduler = scheduler;
        this.transaction = transaction;
        this.clock = clock;
        this.running = running;
    }

    /** Begins a scan that was just stored, in the same transaction. */
    void begin(Scan scan) {
        if (scan.sweeps().isEmpty()) {
            schedulePlan(scan.id(), 1);
        } else {
            dispatch(scan, host -> true);
        }
    }

    /** Goes on after a sweep of a scan has ended. */
    void settle(SweepKey ended) {
        UUID scanId = ended.scanId();
        Scan scan = scans.find(scanId).orElseThrow();
        if (!scan.state().active()) {
            return;
        }
        if (!scan.sweeps().stream().allMatch(SweepRecord::finished)) {
            dispatch(scan, ended.host()::equals);
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
     * One sweep a host at a time, as primaries on one host share its processors. A round begins on all hosts, and from
     * then on each sweep that ends has its own host go on: its execution goes after the next one is there, and comes back
     * if its worker dies in between, so that no host is left out.
     */
    private void dispatch(Scan scan, Predicate<String> hosts) {
        scan.sweeps().stream()
                .filter(sweep -> !sweep.finished() && hosts.test(sweep.key().host()))
                .collect(Collectors.toMap(sweep -> sweep.key().host(), SweepRecord::key, (first, second) -> first))
                .values()
                .forEach(key -> scheduler
                        .getObject()
                        .scheduleIfNotExists(
                                SweepTask.SWEEP.instance(key.toString()).build(), now()));
    }

    private void schedulePlan(UUID scanId, int round) {
        scheduler
                .getObject()
                .scheduleIfNotExists(
                        PlanTask.PLAN.instance(PlanTask.id(scanId, round)).build(), now());
    }

    /** Plans a round of a cluster's scan and says what becomes of the execution. */
    CompletionHandler<Void> plan(UUID scanId, int round) {
        Optional<Scan> found = scans.find(scanId).filter(scan -> scan.state().active());
        if (found.isEmpty() || round(found.get()) >= round) {
            return (complete, operations) -> operations.remove();
        }
        // Neither windows nor budgets keep anybody from looking for primaries.
        SweepDecision told = running.told(scanId);
        if (told instanceof SweepDecision.End end) {
            finish(found.get(), end.failure());
            return (complete, operations) -> operations.remove();
        }
        if (told instanceof SweepDecision.Wait rest) {
            return WaitingExecution.until(
                    WaitingExecution.latest(found.get(), rest, now()), id -> running.lookAgain(id, scanId));
        }
        scans.start(scanId, now());
        Scan scan = scans.find(scanId).orElseThrow();
        if (!scan.state().active()) {
            return (complete, operations) -> operations.remove();
        }
        try {
            plan(scan, engine.discover(deployment(scan)));
            return (complete, operations) -> operations.remove();
        } catch (NodeRefusedException e) {
            if (now().isBefore(askedUntil(scan, round))) {
                LOG.warn("Scan {}, round {}: {}", scanId, round, e.getMessage());
                return (complete, operations) -> operations.reschedule(complete, now().plus(AGAIN));
            }
            finish(scan, String.valueOf(e.getMessage()));
            return (complete, operations) -> operations.remove();
        }
    }

    private static Instant askedUntil(Scan scan, int round) {
        Duration patience = round == 1 && PATIENCE.compareTo(scan.timeout()) < 0 ? PATIENCE : scan.timeout();
        return Objects.requireNonNull(scan.startedAt()).plus(patience);
    }

    private void plan(Scan scan, Topology topology) {
        SlotSet covered = scan.covered();
        Optional<SweepRound> next = scan.sweeps().isEmpty()
                ? Optional.of(SweepRound.first(topology))
                        .filter(first -> !first.shards().isEmpty())
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
        transaction.executeWithoutResult(status -> {
            next.get().shards().stream()
                    .map(shard -> SweepRecord.waiting(
                            scan.id(), next.get().number(), shard.primary().toString(), shard.slots()))
                    .forEach(sweeps::insert);
            dispatch(scans.find(scan.id()).orElseThrow(), host -> true);
        });
        scheduler.getObject().triggerCheckForDueExecutions();
    }

    private static @Nullable String uncovered(Topology topology, SlotSet covered) {
        SlotSet unassigned = topology.unassigned();
        if (!unassigned.isEmpty()) {
            return "Slots " + unassigned + " are served by nobody, so that their keys cannot be reached.";
        }
        SlotSet uncovered = SlotSet.ALL.minus(covered);
        return uncovered.isEmpty()
                ? null
                : "Slots " + uncovered + " were covered by no primary from start to end in " + SweepRound.MAX_ROUNDS
                        + " rounds, as they moved every time.";
    }

    private void finish(Scan scan, @Nullable String failure) {
        String text = failure == null || failure.length() <= MOST_TEXT ? failure : failure.substring(0, MOST_TEXT);
        scans.finish(scan.id(), text == null ? ScanState.SUCCESS : ScanState.FAILED, text, now());
    }

    private Deployment deployment(Scan scan) {
        return instances.find(scan.instanceId()).map(Instance::deployment).orElseThrow();
    }

    private static int round(Scan scan) {
        return scan.sweeps().stream().mapToInt(SweepRecord::round).max().orElse(0);
    }

    private static @Nullable String failure(Scan scan) {
        return scan.sweeps().stream()
                .map(SweepRecord::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
