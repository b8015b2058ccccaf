package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.task.Task;
import io.keysweep.server.config.ServiceSettings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * Releases the executions that a killed process still leases, at the start of a service with the database H2.
 *
 * <p>An execution is db-scheduler's entry for one piece of work, and a worker leases it while it does that work. A
 * process locks its H2 file, so no other process can still run the executions that are leased at the start. Without the
 * release, they would wait until enough heartbeats are missed. On PostgreSQL, which several processes can share, this
 * class does nothing, and db-scheduler detects dead executions from missed heartbeats.
 */
@Component
final class KilledProcessRelease implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(KilledProcessRelease.class);

    private final ExecutionLeases leases;
    private final List<Task<?>> tasks;
    private final ServiceSettings settings;

    KilledProcessRelease(ExecutionLeases leases, List<Task<?>> tasks, ServiceSettings settings) {
        this.leases = leases;
        this.tasks = List.copyOf(tasks);
        this.settings = settings;
    }

    /**
     * Releases the executions. Spring calls this method before the scheduler starts, so this process has no leases yet.
     */
    @Override
    public void afterPropertiesSet() {
        if (settings.sharedDatabase()) {
            return;
        }
        int releasedLeases = leases.releaseAll(tasks);
        if (releasedLeases > 0) {
            LOG.info("Released {} executions of a process that was killed", releasedLeases);
        }
    }
}
