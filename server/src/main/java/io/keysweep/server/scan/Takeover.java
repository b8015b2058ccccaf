package io.keysweep.server.scan;

import io.keysweep.server.config.ServiceSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Lets go of executions that a killed process still seems to hold. An H2 file is locked by the one process that has it
 * open, so whoever gets this far is alone and need not wait for missed heartbeats; on a shared database db-scheduler's
 * dead-execution detection does it.
 */
@Component
final class Takeover implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final JdbcClient jdbc;
    private final ServiceSettings settings;

    Takeover(JdbcClient jdbc, ServiceSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    @Override
    public void afterPropertiesSet() {
        if (settings.sharedDatabase()) {
            return;
        }
        int released = jdbc.sql("""
                        update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null,
                            version = version + 1
                        where picked
                        """).update();
        if (released > 0) {
            LOG.info("{} executions of a process that was killed are taken up", released);
        }
    }
}
