package io.keysweep.server;

import io.keysweep.server.config.PrivateFile;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes the URL of the service to two files in the home folder. The CLI on the same machine reads {@code endpoint},
 * and the health check of the container image reads {@code health-endpoint}.
 *
 * <p>Each file contains one line, such as {@code http://127.0.0.1:8379}. The first one exists only while this process
 * serves the APIs, the second one while it listens on any port, be it only that of the metrics. The class also logs the
 * start and the stop of the process.
 */
@Component
final class EndpointFile {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointFile.class);

    private final ApplicationContext context;
    private final ServiceSettings settings;
    private final Path file;
    private final Path healthFile;

    /** The files that this process has written. */
    private final Set<Path> written = ConcurrentHashMap.newKeySet();

    EndpointFile(ApplicationContext context, ServiceSettings settings) {
        this.context = context;
        this.settings = settings;
        this.file = settings.home().resolve("endpoint");
        this.healthFile = settings.home().resolve("health-endpoint");
    }

    /**
     * Writes the files, once the server has bound its port. The settings may ask for any free port, whose number is
     * known only then. Writes no {@code endpoint} in a process without the role {@code api}.
     */
    @EventListener
    void write(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            // A process that is only a worker listens on the address of the metrics.
            String address = Role.listens(settings.roles())
                    ? settings.address()
                    : settings.metrics().address();
            // In a URL, an IPv6 address must be in brackets.
            String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
            String endpoint = (settings.tls() == null ? "http://" : "https://") + host + ":"
                    + web.getWebServer().getPort();
            try {
                write(healthFile, endpoint);
            } catch (UncheckedIOException e) {
                // The home folder of a process that needs no other file may be read-only.
                LOG.warn("The health check of the image will not find this process: {}", e.getMessage());
            }
            if (settings.roles().contains(Role.API)) {
                write(file, endpoint);
            }
            LOG.info("Keysweep listens on {}, data in {}", endpoint, settings.home());
        } else {
            LOG.info("Keysweep runs as a worker without a port, data in {}", settings.home());
        }
    }

    private void write(Path path, String endpoint) {
        PrivateFile.write(path, endpoint + "\n");
        written.add(path);
    }

    /**
     * Deletes the files when the service stops. Another process can have the same home folder, so only the process that
     * has written a file deletes it.
     */
    @EventListener
    void remove(ContextClosedEvent event) throws IOException {
        // The context of the metrics port is a child of this one, and its end is reported here, too.
        if (!event.getApplicationContext().equals(context)) {
            return;
        }
        for (Path path : written) {
            Files.deleteIfExists(path);
        }
        LOG.info("Keysweep is stopping");
    }
}
