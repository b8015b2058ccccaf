package io.keysweep.server.metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Logs and returns the number of the port on which only the metrics are served, if the settings name one.
 *
 * <p>The settings can ask for any free port, so the number is known only after the start.
 */
@Component
final class MetricsPort {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);

    /** The name that Spring Boot gives the web server of the Actuator (health and metrics) on its own port. */
    private static final String MANAGEMENT = "management";

    /**
     * The port; 0 if the metrics have no port of their own. Volatile, because threads other than the starting one read
     * it.
     */
    private volatile int number;

    @EventListener
    void onStart(WebServerInitializedEvent event) {
        if (MANAGEMENT.equals(event.getApplicationContext().getServerNamespace())) {
            number = event.getWebServer().getPort();
            LOG.info("Metrics are served on port {}", number);
        }
    }

    /** Returns the port, or 0 if the metrics have no port of their own in this process. */
    int number() {
        return number;
    }
}
