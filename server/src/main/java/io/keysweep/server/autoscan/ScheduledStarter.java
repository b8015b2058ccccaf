package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.server.autoscan.Start.Cause;
import io.keysweep.server.autoscan.Start.Outcome;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowGate;
import io.keysweep.server.window.WindowGateFinder;
import io.keysweep.server.worker.ExecutionWakeUp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Starts the scans of schedules, in executions of {@link AutoScanTask} (its entries in db-scheduler).
 *
 * <p>A schedule makes a scan of its instance due again and again; each time is a start. Windows are the times of the
 * week when scans may run. The spread delays the starts of each instance by a different time, so that they do not all
 * begin together. A due start has one of three outcomes:
 *
 * <ul>
 *   <li>a scan starts;
 *   <li>the start waits, for the end of the previous scan or for a window;
 *   <li>the start is skipped, and the reason is recorded.
 * </ul>
 */
@Component
final class ScheduledStarter {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledStarter.class);

    /** The time after which a start that waits for the previous scan is tried again. */
    static final Duration RETRY_DELAY = Duration.ofSeconds(2);

    /**
     * The longest time until a start that waits for a window is tried again. A change of the windows ends the wait
     * early.
     */
    static final Duration MAX_WINDOW_WAIT = Duration.ofMinutes(15);

    /**
     * The reason of a start that was skipped because {@link AutoScanSchedule#GRACE_PERIOD} was over, or because its
     * window had closed before.
     */
    private static final String MISSED_REASON =
            "the start could not begin in its five minutes, because the previous scan was active, no worker was"
                    + " running, or the service had an internal error";

    private final AutoScanStore store;
    private final StartStore starts;
    private final InstanceStore instances;
    private final WindowGateFinder gates;
    private final StartCheck check;
    private final ScanLauncher launcher;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    ScheduledStarter(
            AutoScanStore store,
            StartStore starts,
            InstanceStore instances,
            WindowGateFinder gates,
            StartCheck check,
            ScanLauncher launcher,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.starts = starts;
        this.instances = instances;
        this.gates = gates;
        this.check = check;
        this.launcher = launcher;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Runs one db-scheduler execution: starts a scan if one is due, and reschedules the execution for the next start.
     * An execution of an old version of the configuration removes itself.
     *
     * @param executionId the id from {@link AutoScanTask#id}, which contains the version of the configuration
     * @param client makes this execution due again if the windows change while it runs
     * @return what db-scheduler must do with the execution
     */
    CompletionHandler<Void> run(String executionId, SchedulerClient client) {
        UUID instanceId = instanceId(executionId);
        AutoScanConfig config = store.find(instanceId)
                .filter(AutoScanConfig::enabled)
                .filter(current -> AutoScanTask.id(current).equals(executionId))
                .orElse(null);
        WindowGate gate = gates.find(instanceId);
        Optional<Instant> nextTry = config == null ? Optional.empty() : startIfDue(config, gate);
        return (complete, operations) -> nextTry.ifPresentOrElse(
                time -> {
                    operations.reschedule(complete, time);
                    // A change of the windows does not wake an execution that is running, so it is checked here.
                    if (gates.find(instanceId).differsFrom(gate)) {
                        ExecutionWakeUp.wake(client, AutoScanTask.AUTOSCAN.instanceId(executionId), clock.instant());
                    }
                },
                operations::remove);
    }

    /**
     * Returns when the schedule of an execution is next due after {@code time}, so that the retry of a failed execution
     * does not delay that start. Returns empty if there is no further start, or if the schedule cannot be read, for
     * example because the database is down.
     */
    Optional<Instant> nextStart(String executionId, Instant time) {
        try {
            UUID instanceId = instanceId(executionId);
            return store.find(instanceId)
                    .flatMap(config -> config.schedule()
                            .delayedBy(gates.find(instanceId).startDelay())
                            .dueAfter(time));
        } catch (RuntimeException e) {
            LOG.debug("The next start of {} cannot be read", executionId, e);
            return Optional.empty();
        }
    }

    /**
     * Starts a scan if one is due, or skips a start that cannot or need not happen. The call may block for tens of
     * seconds, because the number of dead keys (expired keys that still hold memory) may have to be estimated.
     *
     * @return when to try again; empty if the schedule starts no more scans
     */
    Optional<Instant> startIfDue(AutoScanConfig config) {
        return startIfDue(config, gates.find(config.instanceId()));
    }

    /**
     * Starts a scan, skips the start or lets it wait, as the windows of {@code gate} say. Returns when to try again;
     * empty if the schedule starts no more scans.
     */
    private Optional<Instant> startIfDue(AutoScanConfig config, WindowGate gate) {
        // Only the last start that is due is considered. Earlier starts, from a time when no worker ran, are ignored.
        Instant now = clock.instant();
        AutoScanSchedule schedule = config.schedule().delayedBy(gate.startDelay());
        // A start that was claimed, by a scan or by a skip, is no longer due.
        Optional<Instant> dueStart =
                schedule.dueBy(now).filter(start -> !withoutSpread(start, gate).equals(config.lastDue()));
        Optional<Instant> nextStart = schedule.dueAfter(now);
        if (dueStart.isEmpty()) {
            return nextStart;
        }
        Instant due = dueStart.get();

        boolean isOpen = gate.isOpenTo(ScanType.AUTO, now);
        // With `outside: end`, a scan outside the windows would end immediately, so the start is skipped.
        if (!isOpen && gate.endsSweepsOutside()) {
            skip(config, due, gate, "outside " + gate.ownerName() + ", " + gate.closedReason(now));
            return nextStart;
        }

        // The start waits for a window. If the next start of the schedule is due before the window opens, it replaces
        // this start.
        Optional<Instant> earliestBegin = gate.earliestStart(due);
        if (earliestBegin.isEmpty() || earliestBegin.get().isAfter(now)) {
            return Optional.of(earliestOf(earliestBegin, nextStart, now.plus(MAX_WINDOW_WAIT)));
        }

        // The grace period of the start is over, or its window has closed again.
        boolean isMissed = !isOpen || now.isAfter(earliestBegin.get().plus(AutoScanSchedule.GRACE_PERIOD));
        if (isMissed) {
            skip(config, due, gate, MISSED_REASON);
            return nextStart;
        }
        return startOrSkip(config, due, gate) ? nextStart : Optional.of(now.plus(RETRY_DELAY));
    }

    /**
     * Starts a scan, or skips the start if the scan is not worthwhile. Does nothing if the instance was removed, or if
     * the start was claimed in the meantime.
     *
     * @return false if another scan of the instance is active, so that the start must be tried again
     */
    private boolean startOrSkip(AutoScanConfig config, Instant due, WindowGate gate) {
        Instance instance = instances.find(config.instanceId()).orElse(null);
        if (instance == null) {
            return true;
        }
        if (launcher.isScanActive(instance.id())) {
            return false;
        }

        StartCheck.StartDecision decision = check.decide(instance);
        if (!decision.starts()) {
            skip(config, due, gate, decision.reason());
            return true;
        }

        try {
            transaction.executeWithoutResult(status -> {
                // The instance is locked before the schedule, in the same order as in every change of the schedule, so
                // that the two cannot deadlock.
                if (instances.lock(instance.id()) && store.claimStart(config, withoutSpread(due, gate))) {
                    UUID scanId =
                            launcher.launch(instance, config, Cause.SCHEDULE, decision.reason(), /* pass= */ null);
                    starts.add(
                            newStart(config, due, Outcome.STARTED, decision.reason(), scanId),
                            decision.thresholdPassed());
                }
            });
            return true;
        } catch (RequestRefusedException e) {
            // Another scan was created after the check above.
            return false;
        }
    }

    /**
     * Records that a start was skipped; does nothing if it was claimed in the meantime, or if the instance was removed.
     */
    private void skip(AutoScanConfig config, Instant due, WindowGate gate, String reason) {
        transaction.executeWithoutResult(status -> {
            // The instance is locked first, as in startOrSkip, because the record of the start refers to the row of the
            // instance.
            if (instances.lock(config.instanceId()) && store.claimStart(config, withoutSpread(due, gate))) {
                starts.add(
                        newStart(config, due, Outcome.SKIPPED, reason, /* scanId= */ null),
                        /* thresholdPassed= */ false);
                LOG.info(
                        "Skipped the automatic scan of instance {} that was due at {}: {}",
                        config.instanceId(),
                        due,
                        reason);
            }
        });
    }

    /** Returns the instance of an execution, whose id is from {@link AutoScanTask#id}. */
    private static UUID instanceId(String executionId) {
        return UUID.fromString(executionId.substring(0, executionId.indexOf('/')));
    }

    private Start newStart(AutoScanConfig config, Instant due, Outcome outcome, String reason, @Nullable UUID scanId) {
        return new Start(config.instanceId(), due, clock.instant(), Cause.SCHEDULE, outcome, reason, scanId);
    }

    /**
     * Returns the due time without the delay of the spread. This time identifies a start, so a change of the spread
     * does not repeat a start.
     */
    private static Instant withoutSpread(Instant due, WindowGate gate) {
        return due.minus(gate.startDelay());
    }

    /** Returns the earliest of three times, two of which may be missing. */
    private static Instant earliestOf(Optional<Instant> first, Optional<Instant> second, Instant third) {
        return Stream.of(first, second, Optional.of(third))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .orElse(third);
    }
}
