package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.keysweep.server.worker.ExecutionWakeUp;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.server.autoscan.Start.Cause;
import io.keysweep.server.autoscan.Start.Outcome;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowGate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides at one moment: start, wait for the previous scan or for the window, or leave it for the next time. What became
 * of a start is kept.
 */
final class AutoScanStarter {

    private static final Logger LOG = LoggerFactory.getLogger(AutoScanStarter.class);

    /** How often a start that waits for the previous scan looks again. */
    static final Duration AGAIN = Duration.ofSeconds(2);

    /** A start that waits for a window looks again after so long at the latest; a change of the windows wakes it. */
    static final Duration LOOK_AGAIN = Duration.ofMinutes(15);

    private static final String MISSED =
            "the previous scan was still active, or no worker there, until five minutes after the start was due";

    /** Creates the scan of a configuration. */
    @FunctionalInterface
    interface ScanStart {

        /**
         * Creates it and gives its id.
         *
         * @throws RequestRefusedException if the previous scan is still active
         */
        UUID start(Instance instance, AutoScanConfig config);
    }

    private final AutoScanStore store;
    private final StartStore starts;
    private final InstanceStore instances;
    private final Function<UUID, WindowGate> gates;
    private final StartCheck check;
    private final ScanStart scans;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    AutoScanStarter(
            AutoScanStore store,
            StartStore starts,
            InstanceStore instances,
            Function<UUID, WindowGate> gates,
            StartCheck check,
            ScanStart scans,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.starts = starts;
        this.instances = instances;
        this.gates = gates;
        this.check = check;
        this.scans = scans;
        this.transaction = transaction;
        this.clock = clock;
    }

    CompletionHandler<Void> run(String executionId, SchedulerClient client) {
        UUID instanceId = UUID.fromString(executionId.substring(0, executionId.indexOf('/')));
        AutoScanConfig config = store.find(instanceId)
                .filter(AutoScanConfig::enabled)
                .filter(found -> AutoScanTask.id(found).equals(executionId))
                .orElse(null);
        WindowGate gate = gates.apply(instanceId);
        Optional<Instant> next = config == null ? Optional.empty() : startIfDue(config, gate);
        return (complete, operations) -> next.ifPresentOrElse(
                time -> {
                    operations.reschedule(complete, time);
                    // A wake does not reach an execution that is still its worker's.
                    if (gates.apply(instanceId).differsFrom(gate)) {
                        ExecutionWakeUp.wake(client, AutoScanTask.AUTOSCAN.instanceId(executionId), clock.instant());
                    }
                },
                operations::remove);
    }

    /** Starts a scan if one is due, and says when to look again. */
    Optional<Instant> startIfDue(AutoScanConfig config) {
        return startIfDue(config, gates.apply(config.instanceId()));
    }

    private Optional<Instant> startIfDue(AutoScanConfig config, WindowGate gate) {
        Instant now = clock.instant();
        AutoScanSchedule schedule = new AutoScanSchedule(
                        Objects.requireNonNull(config.firstScanAt()), Objects.requireNonNull(config.interval()))
                .delayedBy(gate.delay());
        Optional<Instant> due =
                schedule.dueBy(now).filter(start -> !nominal(start, gate).equals(config.lastDue()));
        Optional<Instant> next = schedule.dueAfter(now);
        if (due.isEmpty()) {
            return next;
        }
        Instant start = due.get();
        boolean open = gate.openTo(ScanType.AUTO, now);
        if (!open && gate.ends()) {
            skip(config, start, gate, "outside " + gate.owner() + ", " + gate.closed(now));
            return next;
        }
        Optional<Instant> turn = gate.turn(start);
        if (turn.isEmpty() || turn.get().isAfter(now)) {
            return Optional.of(earliest(turn, next, now.plus(LOOK_AGAIN)));
        }
        if (!open || now.isAfter(turn.get().plus(AutoScanSchedule.GRACE))) {
            skip(config, start, gate, MISSED);
            return next;
        }
        return start(config, start, gate) ? next : Optional.of(now.plus(AGAIN));
    }

    /** False if the previous scan is still active. */
    private boolean start(AutoScanConfig config, Instant due, WindowGate gate) {
        Instance instance = instances.find(config.instanceId()).orElse(null);
        if (instance == null) {
            return true;
        }
        if (check.previousActive(instance)) {
            return false;
        }
        StartCheck.StartDecision decision = check.worthwhile(instance);
        if (!decision.starts()) {
            skip(config, due, gate, decision.reason());
            return true;
        }
        try {
            transaction.executeWithoutResult(status -> {
                if (store.take(config, nominal(due, gate))) {
                    UUID scanId = scans.start(instance, config);
                    starts.add(
                            record(config, due, Outcome.STARTED, decision.reason(), scanId),
                            decision.thresholdPassed());
                }
            });
            return true;
        } catch (RequestRefusedException e) {
            return false;
        }
    }

    private void skip(AutoScanConfig config, Instant due, WindowGate gate, String reason) {
        transaction.executeWithoutResult(status -> {
            if (store.take(config, nominal(due, gate))) {
                starts.add(record(config, due, Outcome.SKIPPED, reason, null), /* passed= */ false);
                LOG.info("Automatic scan of {} due at {} skipped: {}", config.instanceId(), due, reason);
            }
        });
    }

    private Start record(AutoScanConfig config, Instant due, Outcome outcome, String reason, @Nullable UUID scanId) {
        return new Start(config.instanceId(), due, clock.instant(), Cause.SCHEDULE, outcome, reason, scanId);
    }

    /** What is taken is the time without the delay, so that a change of the spread brings no start a second time. */
    private static Instant nominal(Instant due, WindowGate gate) {
        return due.minus(gate.delay());
    }

    private static Instant earliest(Optional<Instant> one, Optional<Instant> other, Instant latest) {
        return Stream.of(one, other, Optional.of(latest))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .orElse(latest);
    }
}
