package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.scan.Scans;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The db-scheduler task whose execution starts an instance's automatic scans: one execution a version of the
 * configuration, rescheduled from start to start. One whose version is no longer the stored one removes itself, so a
 * change never has to reach into a running execution.
 */
@Configuration(proxyBeanMethods = false)
class AutoScanTask {

    static final TaskDescriptor<Void> AUTOSCAN = TaskDescriptor.of("autoscan");

    private static final Logger LOG = LoggerFactory.getLogger(AutoScanTask.class);

    /** How often a start that waits for the previous scan looks again. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    @Bean
    Task<Void> autoScanExecution(AutoScanStarter starter) {
        return Tasks.custom(AUTOSCAN)
                .onDeadExecutionRevive()
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(AGAIN)))
                .execute((instance, context) -> starter.run(instance.getId()));
    }

    @Bean
    AutoScanStarter autoScanStarter(
            AutoScanStore store,
            InstanceStore instances,
            Scans scans,
            TransactionTemplate transaction,
            InstantSource clock) {
        return new AutoScanStarter(store, instances, scans, transaction, clock);
    }

    static String id(AutoScanConfig config) {
        return config.instanceId() + "/" + config.version();
    }

    /** Decides at one moment: start, wait for the previous scan, or leave it for the next time. */
    static final class AutoScanStarter {

        private final AutoScanStore store;
        private final InstanceStore instances;
        private final Scans scans;
        private final TransactionTemplate transaction;
        private final InstantSource clock;

        AutoScanStarter(
                AutoScanStore store,
                InstanceStore instances,
                Scans scans,
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
                    .filter(found -> id(found).equals(executionId));
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
                        scans.create(
                                instance.get(),
                                ScanType.AUTO,
                                Objects.requireNonNull(config.timeout()),
                                config.rateCeiling());
                    }
                });
                return true;
            } catch (RequestRefusedException e) {
                return false;
            }
        }
    }
}
