package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.scan.Scans;
import io.keysweep.server.window.WindowGates;
import java.time.InstantSource;
import java.util.Objects;
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

    @Bean
    Task<Void> autoScanExecution(AutoScanStarter starter) {
        return Tasks.custom(AUTOSCAN)
                .onDeadExecutionRevive()
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(AutoScanStarter.AGAIN)))
                .execute((instance, context) -> starter.run(instance.getId(), context.getSchedulerClient()));
    }

    @Bean
    AutoScanStarter autoScanStarter(
            AutoScanStore store,
            StartStore starts,
            InstanceStore instances,
            WindowGates gates,
            StartCheck check,
            Scans scans,
            TransactionTemplate transaction,
            InstantSource clock) {
        return new AutoScanStarter(
                store,
                starts,
                instances,
                gates::of,
                check,
                (instance, config) -> scans.create(
                                instance, ScanType.AUTO, Objects.requireNonNull(config.timeout()), config.rateCeiling())
                        .id(),
                transaction,
                clock);
    }

    static String id(AutoScanConfig config) {
        return config.instanceId() + "/" + config.version();
    }
}
