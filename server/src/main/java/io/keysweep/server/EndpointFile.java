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
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes the URL of the service to the file {@code endpoint} in the home folder, where the CLI on the same machine
 * reads it.
 *
 * <p>The file exists only while this process serves the APIs. It contains one line, such as {@code
 * http://127.0.0.1:8379}. The class also logs the start and the stop of the process.
 */
@Component
final class EndpointFile {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointFile.class);

    private final ApplicationContext context;
    private final ServiceSettings settings;
    private final Path file;
    /** Whether this process has written the file. */
    private volatile boolean written;

    EndpointFile(ApplicationContext context, ServiceSettings settings) {
        this.context = context;
        this.settings = settings;
        this.file = settings.home().resolve("endpoint");
    }

    /**
     * Writes the file, once the server has bound its port. The settings may ask for any free port, whose number is
     * known only then. Writes no file in a process without the role {@code api}.
     */
    @EventListener
    void write(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            // In a URL, an IPv6 address must be in brackets.
            String host = settings.address().indexOf(':') >= 0 ? "[" + settings.address() + "]" : settings.address();
            String endpoint = (settings.tls() == null ? "http://" : "https://") + host + ":"
                    + web.getWebServer().getPort();
            if (settings.roles().contains(Role.API)) {
                PrivateFile.write(file, endpoint + "\n");
                written = true;
            }
            LOG.info("Keysweep listens on {}, data in {}", endpoint, settings.home());
        } else {
            LOG.info("Keysweep runs as a worker without a port, data in {}", settings.home());
        }
    }

    /**
     * Deletes the file when the service stops. Another process can have the same home folder, so only the process that
     * has written the file deletes it.
     */
    @EventListener
    void remove(ContextClosedEvent event) throws IOException {
        // The context of the metrics port is a child of this one, and its end is reported here, too.
        if (!event.getApplicationContext().equals(context)) {
            return;
        }
        if (written) {
            Files.deleteIfExists(file);
        }
        LOG.info("Keysweep is stopping");
    }
}
