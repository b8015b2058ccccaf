package io.keysweep.server.metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Logs where the metrics are served if they have their own port, because that port may be any free one. */
@Component
final class MetricsPort {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);

    /** The name that Spring Boot gives the server of the Actuator's own port. */
    private static final String MANAGEMENT = "management";

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
