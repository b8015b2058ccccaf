package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Decides at one moment: start, wait for the previous scan, or leave it for the next time. */
final class AutoScanStarter {

    private static final Logger LOG = LoggerFactory.getLogger(AutoScanStarter.class);

    /** How often a start that waits for the previous scan looks again. */
    static final Duration AGAIN = Duration.ofSeconds(2);

    /** Creates the scan of a configuration. */
    @FunctionalInterface
    interface ScanStart {

        /**
         * Creates it.
         *
         * @throws RequestRefusedException if the previous scan is still active
         */
        void start(Instance instance, AutoScanConfig config);
    }

    private final AutoScanStore store;
    private final InstanceStore instances;
    private final ScanStart scans;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    AutoScanStarter(
            AutoScanStore store,
            InstanceStore instances,
            ScanStart scans,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.instances = instances;
        this.scans = scans;
        this.transaction = transaction;
        this.clock = clock;
    }

    CompletionHandler<Void> run(String executionId) {
        UUID instanceId = UUID.fromString(executionId.substring(0, executionId.indexOf('/')));
        Optional<AutoScanConfig> config = store.find(instanceId)
                .filter(AutoScanConfig::enabled)
                .filter(found -> AutoScanTask.id(found).equals(executionId));
        Optional<Instant> next = config.flatMap(this::startIfDue);
        return (complete, operations) ->
                next.ifPresentOrElse(time -> operations.reschedule(complete, time), operations::remove);
    }

    /** Starts a scan if one is due, and says when to look again. */
    Optional<Instant> startIfDue(AutoScanConfig config) {
        Instant now = clock.instant();
        AutoScanSchedule schedule = new AutoScanSchedule(
                Objects.requireNonNull(config.firstScanAt()), Objects.requireNonNull(config.interval()));
        Optional<Instant> due = schedule.dueBy(now).filter(start -> !start.equals(config.lastDue()));
        if (due.isEmpty()) {
            return schedule.dueAfter(now);
        }
        if (now.isAfter(due.get().plus(AutoScanSchedule.GRACE))) {
            LOG.warn("Automatic scan of {} due at {} skipped", config.instanceId(), due.get());
            return schedule.dueAfter(now);
        }
        return start(config, due.get()) ? schedule.dueAfter(now) : Optional.of(now.plus(AGAIN));
    }

    /** False if the previous scan is still active. */
    private boolean start(AutoScanConfig config, Instant due) {
        Optional<Instance> instance = instances.find(config.instanceId());
        if (instance.isEmpty()) {
            return true;
        }
        try {
            transaction.executeWithoutResult(status -> {
                if (store.take(config, due)) {
                    scans.start(instance.get(), config);
                }
            });
            return true;
        } catch (RequestRefusedException e) {
            return false;
        }
    }
}
