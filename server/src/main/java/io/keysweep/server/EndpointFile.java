package io.keysweep.server;

import io.keysweep.server.config.PrivateFile;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes the URL of the service to the file {@code endpoint} in the home folder, where the CLI reads it.
 *
 * <p>The file exists only while this process serves the APIs. It contains one line, such as {@code
 * http://127.0.0.1:8379}.
 */
@Component
final class EndpointFile {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointFile.class);

    private final ServiceSettings settings;
    private final Path file;
    private volatile boolean written;

    EndpointFile(ServiceSettings settings) {
        this.settings = settings;
        this.file = settings.home().resolve("endpoint");
    }

    /** Writes the file, after the server has bound its port: the settings may ask for any free port. */
    @EventListener
    void write(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext context
                && context.getWebServer() != null) {
            // In a URL, an IPv6 address must be in brackets.
            String host = settings.address().indexOf(':') >= 0 ? "[" + settings.address() + "]" : settings.address();
            String endpoint = (settings.tls() == null ? "http://" : "https://") + host + ":"
                    + context.getWebServer().getPort();
            if (settings.roles().contains(Role.API)) {
                PrivateFile.write(file, endpoint + "\n");
                written = true;
            }
            LOG.info("Keysweep listens on {}, data in {}", endpoint, settings.home());
        } else {
            LOG.info("Keysweep runs as a worker without a port, data in {}", settings.home());
        }
    }

    /** Deletes the file when the service stops, but only if this process has written it. */
    @EventListener
    void remove(ContextClosedEvent event) throws IOException {
        if (written) {
            Files.deleteIfExists(file);
        }
        LOG.info("Keysweep is stopping");
    }
}
