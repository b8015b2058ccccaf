package io.keysweep.server;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs a service on PostgreSQL without workers. The test itself runs what a worker would run.
 *
 * @param service the service, which has the role {@code api} only
 * @param jdbc runs statements on the database of the service
 */
public record IdleService(TestService service, JdbcClient jdbc) implements AutoCloseable {

    /** Starts the service with a separate database. */
    public static IdleService start(Path home) throws SQLException {
        TestService service = TestService.start(
                home, Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl(), "KEYSWEEP_ROLES", "api"));
        return new IdleService(service, service.bean(JdbcClient.class));
    }

    /** Returns a bean of the service. */
    public <T> T bean(Class<T> type) {
        return service.bean(type);
    }

    /** Registers an instance in the project of the administrator, and returns its id. */
    public UUID register(String name, String uri) {
        return UUID.fromString(service.register(service.administrator(), name, uri));
    }

    /**
     * Runs a task that always fails, again and again at its due times, and returns the seconds between the runs.
     *
     * @param id id of the task
     * @param task what the task does
     * @param times maximum number of runs
     */
    public List<Long> repeat(TaskDescriptor<Void> descriptor, String id, Task<Void> task, int times) {
        SettableClock time = new SettableClock();
        time.set(Instant.parse("2026-11-24T10:00:00Z"));
        ManualScheduler scheduler = TestHelper.createManualScheduler(bean(DataSource.class), List.of(task))
                .clock(time)
                .alwaysPersistTimestampInUTC()
                .build();

        // An earlier test of the class may have left an execution that would run beside this one.
        scheduler.getScheduledExecutions().forEach(execution -> scheduler.cancel(execution.getTaskInstance()));
        scheduler.scheduleIfNotExists(descriptor.instance(id).build(), time.now());

        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            scheduler.runAnyDueExecutions();
            scheduler.getScheduledExecution(descriptor.instanceId(id)).ifPresent(next -> {
                delays.add(Duration.between(time.now(), next.getExecutionTime()).toSeconds());
                time.set(next.getExecutionTime());
            });
        }
        return delays;
    }

    @Override
    public void close() {
        service.close();
    }
}
