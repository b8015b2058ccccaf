package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.server.scan.ActiveScanExecutions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Gives tests in other packages access to classes of the package {@code control}. */
public final class ControlTesting {

    private ControlTesting() {}

    /** Creates the {@link WakeUps} of a database, with a scheduler that runs no task. */
    public static WakeUps wakeUps(DataSource dataSource, InstantSource clock) {
        Scheduler scheduler = TestHelper.createManualScheduler(
                        new TransactionAwareDataSourceProxy(dataSource),
                        List.of(idle(ScanTasks.SWEEP), idle(ScanTasks.PLAN)))
                .clock(new SettableClock())
                .build();
        StaticListableBeanFactory beans = new StaticListableBeanFactory(Map.of("scheduler", scheduler));
        JdbcClient jdbc = JdbcClient.create(dataSource);
        return new WakeUps(new ActiveScanExecutions(jdbc), beans.getBeanProvider(Scheduler.class), clock);
    }

    /** Returns a task that does nothing. */
    private static Task<?> idle(TaskDescriptor<Void> task) {
        return Tasks.custom(task).execute((instance, context) -> (complete, operations) -> {});
    }

    /** Returns the paces of the sweeps that a process runs, by the ids of their tasks. */
    public static Map<String, PacePolicy> paces(RunningSweeps running) {
        return running.paces();
    }

    /** Reads the instructions of a scan. */
    public static ScanInstructions instructions(JdbcClient jdbc, UUID scanId) {
        return new InstructionStore(jdbc).find(scanId).orElseThrow();
    }
}
