package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.task.Task;
import io.keysweep.server.config.ServiceSettings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * Releases the executions that a killed process still leases, when the service starts on H2. A process locks its H2 file,
 * so no other process can run these executions, and they need not wait for missed heartbeats. On a shared database
 * db-scheduler's detection of dead executions does that.
 */
@Component
final class Takeover implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final ExecutionLeases leases;
    private final List<Task<?>> tasks;
    private final ServiceSettings settings;

    Takeover(ExecutionLeases leases, List<Task<?>> tasks, ServiceSettings settings) {
        this.leases = leases;
        this.tasks = List.copyOf(tasks);
        this.settings = settings;
    }

    @Override
    public void afterPropertiesSet() {
        if (settings.sharedDatabase()) {
            return;
        }
        int released = leases.releaseAll(tasks);
        if (released > 0) {
            LOG.info("Released {} executions of a process that was killed", released);
        }
    }
}
