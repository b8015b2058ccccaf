package io.keysweep.server.metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Remembers and logs the port on which the metrics are served, if they have a port of their own.
 *
 * <p>The settings may ask for any free port, so only the running process knows the number.
 */
@Component
final class MetricsPort {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);

    /** The name that Spring Boot gives the web server of the Actuator (health and metrics) on its own port. */
    private static final String MANAGEMENT = "management";

    /** The port; 0 without a port of its own. Volatile, because another thread than that of the start reads it. */
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
