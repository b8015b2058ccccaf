package io.keysweep.server;

import io.keysweep.server.config.PrivateFile;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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
 * and the health check of the container image reads {@code health-endpoint-HOST}, where HOST is the host name.
 *
 * <p>Each file contains one line, such as {@code http://127.0.0.1:8379}. A process that serves the APIs writes the
 * first file. A process that listens on any port writes the second file, even if that is only the port of the metrics.
 * An orderly stop deletes both files. A killed process leaves them behind: the next process that serves the APIs
 * replaces {@code endpoint}, and the next start with this folder removes the health files that no running process has
 * locked, see {@link LockedFile}. The class also logs the start and the stop of the process.
 */
@Component
final class EndpointFiles {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointFiles.class);

    private static final String HEALTH_FILE_PREFIX = "health-endpoint-";

    /** The file in which the kernel shows the host name of this machine or container. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final ApplicationContext context;
    private final ServiceSettings settings;
    private final Path file;
    private final Path healthFile;

    /** Keeps the health file locked while this process runs; null before it is written. */
    private volatile @Nullable LockedFile healthLock;

    /** The files that this process has written, with their content. */
    private final Map<Path, String> contentByFile = new ConcurrentHashMap<>();

    EndpointFiles(ApplicationContext context, ServiceSettings settings) {
        this.context = context;
        this.settings = settings;
        this.file = settings.home().resolve("endpoint");
        this.healthFile = settings.home().resolve(healthFileName(hostName()));
    }

    /**
     * Returns the name of the file for the health check. Containers that share a home folder have different host names.
     * The health check of each container therefore asks its own process. The script {@code packaging/image/health}
     * makes the same name.
     */
    static String healthFileName(String host) {
        return HEALTH_FILE_PREFIX + host.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /** Returns the host name, or {@code localhost} on a system that does not show it as Linux does. */
    static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    /**
     * Writes the files once the server has bound its port, because the settings can ask for any free port. A process
     * without the role {@code api} writes no {@code endpoint}.
     */
    @EventListener
    void writeFiles(ApplicationReadyEvent event) {
        LockedFile.removeAbandoned(settings.home(), HEALTH_FILE_PREFIX + "*", healthFile);
        if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
            // In a process that serves neither the APIs nor the console, only the metrics have a port.
            String address = Role.listens(settings.roles())
                    ? settings.address()
                    : settings.metrics().address();
            // In a URL, an IPv6 address must be in brackets.
            String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
            String endpoint = (settings.tls() == null ? "http://" : "https://") + host + ":"
                    + web.getWebServer().getPort();
            try {
                String content = endpoint + "\n";
                healthLock = LockedFile.write(healthFile, content);
                contentByFile.put(healthFile, content);
            } catch (UncheckedIOException e) {
                // The home folder may be read-only, which is no problem if the process needs no other file there.
                LOG.warn("The health check of the image will not find this process: {}", e.getMessage());
            }
            if (settings.roles().contains(Role.API)) {
                String content = endpoint + "\n";
                PrivateFile.write(file, content);
                contentByFile.put(file, content);
            }
            LOG.info("Keysweep listens on {}, data in {}", endpoint, settings.home());
        } else {
            LOG.info("Keysweep runs as a worker without a port, data in {}", settings.home());
        }
    }

    /**
     * Deletes the files when the service stops. Another process can have the same home folder and replace a file. A
     * process therefore deletes only files that still have the content that it has written.
     */
    @EventListener
    void removeFiles(ContextClosedEvent event) throws IOException {
        // The context of the metrics port is a child of this one, and Spring also reports its end here.
        if (!event.getApplicationContext().equals(context)) {
            return;
        }
        for (Map.Entry<Path, String> entry : contentByFile.entrySet()) {
            // Reading the health file also ends its lock: the locks of a process on a file end as soon as the process
            // closes the file. The lock is no longer needed.
            if (contains(entry.getKey(), entry.getValue())) {
                Files.deleteIfExists(entry.getKey());
            }
        }
        LockedFile lockToRelease = healthLock;
        if (lockToRelease != null) {
            lockToRelease.close();
        }
        LOG.info("Keysweep is stopping");
    }

    private static boolean contains(Path file, String content) throws IOException {
        try {
            return Files.readString(file).equals(content);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
