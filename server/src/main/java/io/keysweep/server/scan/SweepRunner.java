package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.server.control.Rein;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.SweepHold.Restraint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Does one execution: sweeps a primary from its last checkpoint to the end and settles the scan. Runs on db-scheduler's
 * threads; on shutdown the sweeps end at a checkpoint and are taken up by whoever comes next, and so they do when
 * something holds them. Threads are never interrupted for that: H2 closes its file under a thread that is.
 */
@Component
class SweepRunner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    /** A sweep that rests looks again after so long at the latest; a change of what it rests by wakes it at once. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(15);

    private final ScanStore scans;
    private final SweepStore sweeps;
    private final InstanceStore instances;
    private final RoundPlanner planner;
    private final SweepEngine engine;
    private final RunningSweeps orders;
    private final InstantSource clock;
    private final HoldWatch holds;
    private final HoldHistory history;
    private final Set<SweepControl> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private volatile boolean started;

    SweepRunner(
            ScanStore scans,
            SweepStore sweeps,
            InstanceStore instances,
            RoundPlanner planner,
            SweepEngine engine,
            RunningSweeps orders,
            InstantSource clock,
            HoldWatch holds,
            HoldHistory history) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.instances = instances;
        this.planner = planner;
        this.engine = engine;
        this.orders = orders;
        this.clock = clock;
        this.holds = holds;
        this.history = history;
    }

    /** Runs one execution and says what becomes of it. */
    @SuppressWarnings("try") // The log's entry is there to be closed, not to be used.
    CompletionHandler<Void> run(SweepKey key) {
        SweepControl control = new SweepControl();
        running.add(control);
        Optional<Instant> again = Optional.of(clock.instant());
        try (var ignored = MDC.putCloseable("scanId", key.scanId().toString());
                Rein rein = orders.begin(key.scanId(), control)) {
            if (!stopping) {
                again = rein.resting() ? Optional.of(rein.again(clock.instant())) : sweep(key, control, rein);
            }
            if (again.isEmpty()) {
                return (complete, operations) -> operations.remove();
            }
            LOG.info("Sweep of {} rests at its checkpoint until {}", key.nodeId(), again.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return (complete, operations) -> {};
        } finally {
            running.remove(control);
        }
        Instant next = again.orElseThrow();
        return (complete, operations) -> operations.reschedule(complete, next);
    }

    /** Sweeps and settles, or tells when to go on: at once where the service stops, later where a hold says so. */
    private Optional<Instant> sweep(SweepKey key, SweepControl control, Rein rein) throws InterruptedException {
        Optional<Scan> found = scans.find(key.scanId());
        if (found.isEmpty() || !found.get().state().active()) {
            return Optional.empty();
        }
        SweepRecord record = found.get().sweeps().stream()
                .filter(sweep -> sweep.key().equals(key))
                .findFirst()
                .orElseThrow();
        if (record.finished()) {
            // A worker died between the end of the sweep and what follows from it.
            planner.settle(key.scanId());
            return Optional.empty();
        }
        // One that somebody has cancelled is not kept from ending by a window.
        Optional<Restraint> restraint =
                holds.restraint(found.get()).filter(ignored -> rein.cancel() == null && !overdue(found.get()));
        if (restraint.isPresent()) {
            return rest(key, sweeps.claim(key), found.get(), restraint.get());
        }
        scans.start(key.scanId(), now());
        Scan scan = scans.find(key.scanId()).orElseThrow();
        if (!scan.state().active()) {
            return Optional.empty();
        }
        int attempt = sweeps.claim(key);
        try {
            if (rein.cancel() != null) {
                sweeps.fail(key, attempt, ScanCancel.failure(rein.cancel()));
                history.note(key, attempt, null);
                planner.settle(key.scanId());
                return Optional.empty();
            }
            Instance instance = instances.find(scan.instanceId()).orElseThrow();
            SweepRequest request = SweepRequest.of(instance.deployment(), rein.pace())
                    .ofShard(instance.deployment(), shard(instance.deployment(), record))
                    .withDeadline(deadline(scan))
                    .resumingFrom(sweeps.lastCheckpoint(key).orElse(null));
            LOG.info("Sweep of {} begins, attempt {}", key.nodeId(), attempt);
            holds.begin(key, scan, control);
            SweepReport report = engine.sweep(request, control, new CheckpointWriter(sweeps, history, key, attempt));
            restraint = holds.end(key);
            if (stopping && report.ending() == SweepReport.Ending.CANCELLED) {
                return Optional.of(clock.instant());
            }
            if (rein.resting() && report.ending() == SweepReport.Ending.CANCELLED) {
                return Optional.of(rein.again(clock.instant()));
            }
            restraint = restraint.filter(
                    ignored -> rein.cancel() == null && report.ending() == SweepReport.Ending.CANCELLED);
            if (restraint.isPresent() && !restraint.get().ends()) {
                return rest(key, attempt, scan, restraint.get());
            }
            sweeps.finish(
                    key,
                    attempt,
                    report,
                    restraint.map(SweepRunner::ended).orElseGet(() -> failure(report, scan.timeout(), rein)));
            LOG.info(
                    "Sweep of {} ended {}: {} visited, {} reclaimed",
                    key.nodeId(),
                    report.ending(),
                    report.visited(),
                    report.reclaimed());
        } catch (NodeRefusedException e) {
            if (stopping) {
                return Optional.of(clock.instant());
            }
            LOG.warn("Sweep of {} failed: {}", key.nodeId(), e.getMessage());
            sweeps.fail(key, attempt, e.reason() == Reason.HANDED_OVER ? null : String.valueOf(e.getMessage()));
        } catch (SupersededException | DataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("Sweep of {} failed", key.nodeId(), e);
            sweeps.fail(key, attempt, "Internal error; see the service's log.");
        } finally {
            holds.end(key);
        }
        history.note(key, attempt, null);
        planner.settle(key.scanId());
        return Optional.empty();
    }

    /** Leaves the sweep at its checkpoint until the hold may be over, or ends it if that is what the hold asks for. */
    private Optional<Instant> rest(SweepKey key, int attempt, Scan scan, Restraint restraint) {
        if (restraint.ends()) {
            sweeps.fail(key, attempt, ended(restraint));
            planner.settle(key.scanId());
            return Optional.empty();
        }
        String reason = "paused " + restraint.intervention();
        sweeps.held(key, attempt, reason);
        history.note(key, attempt, reason);
        Instant latest = now().plus(LOOK_AGAIN);
        Instant deadline = deadline(scan);
        return Stream.of(restraint.until(), latest, deadline)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    /** Whether the scan's time is over, so that it is to end rather than to rest. */
    private boolean overdue(Scan scan) {
        Instant deadline = deadline(scan);
        return deadline != null && !deadline.isAfter(clock.instant());
    }

    private static @Nullable Instant deadline(Scan scan) {
        return scan.startedAt() == null ? null : scan.startedAt().plus(scan.timeout());
    }

    private static String ended(Restraint restraint) {
        return "Ended " + restraint.intervention() + "; what was reclaimed stays counted.";
    }

    private static @Nullable Shard shard(Deployment deployment, SweepRecord sweep) {
        return deployment instanceof Deployment.Cluster
                ? new Shard(NodeAddress.parse(sweep.nodeId()), sweep.slots())
                : null;
    }

    private static @Nullable String failure(SweepReport report, Duration timeout, Rein rein) {
        return switch (report.ending()) {
            case COMPLETED -> null;
            case TIMED_OUT -> "Timed out after " + timeout.toSeconds() + " s; what was reclaimed stays counted.";
            case CANCELLED -> ScanCancel.failure(rein.cancel());
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        stopping = true;
        running.forEach(SweepControl::cancel);
        started = false;
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
