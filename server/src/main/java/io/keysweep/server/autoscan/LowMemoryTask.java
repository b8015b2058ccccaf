package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.Instances;
import io.keysweep.server.scan.ScanStore;
import io.keysweep.server.window.WindowGates;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/** The recurring task of db-scheduler that watches memory: one execution, whichever worker takes it. */
@Configuration(proxyBeanMethods = false)
class LowMemoryTask {

    private static final int SECONDS = 60;

    @Bean
    RecurringTask<Void> memoryExecution(LowMemoryStarter watch) {
        return Tasks.recurring("memory-watch", FixedDelay.ofSeconds(SECONDS))
                .execute((instance, context) -> watch.look());
    }

    @Bean
    LowMemoryStarter memoryWatch(
            StartPolicies policies,
            InstanceStore instances,
            Instances looks,
            EvictionStore seen,
            StartStore starts,
            ScanStore scanStore,
            WindowGates gates,
            StartCheck check,
            UnscheduledScans scans,
            TransactionTemplate transaction,
            InstantSource clock) {
        return new LowMemoryStarter(
                policies,
                instances,
                looks::inspect,
                seen,
                starts,
                instanceId -> scanStore.list(instanceId, null, 0, 1).stream().findFirst(),
                gates::of,
                check,
                scans::start,
                transaction,
                clock);
    }
}
