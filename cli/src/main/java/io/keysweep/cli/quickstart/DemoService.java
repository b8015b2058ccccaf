package io.keysweep.cli.quickstart;

import io.keysweep.cli.service.ServiceAccess;
import io.keysweep.cli.service.ServiceHome;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the Keysweep service for the quickstart, as a child process with its own {@code KEYSWEEP_HOME} on a free port.
 */
final class DemoService implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 50;

    /**
     * Variables of Keysweep that the service inherits, because they say how to run Java. All other {@code KEYSWEEP_}
     * variables are removed, because they would configure the service, for example its database.
     */
    private static final Set<String> KEPT_VARIABLES =
            Set.of("KEYSWEEP_JAVA_OPTS", "KEYSWEEP_CACHE", "KEYSWEEP_JDK_DIRS", "KEYSWEEP_DEBIAN_MIRROR");

    private final GuardedProcess process;
    private final ServiceHome home;

    private DemoService(GuardedProcess process, ServiceHome home) {
        this.process = process;
        this.home = home;
    }

    /**
     * Starts the service and returns immediately; {@link #awaitReady} waits until it is ready.
     *
     * @param folder folder in which the service's home is created; removed when the service ends
     * @throws CommandFailure if the quickstart was not started through the {@code keysweep} script, which sets {@code
     *     KEYSWEEP_LAUNCHER}
     */
    static DemoService start(CommandContext context, Path folder) {
        String launcher = context.variable("KEYSWEEP_LAUNCHER");
        if (launcher == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "KEYSWEEP_LAUNCHER is not set: start quickstart through the keysweep script");
        }
        Path home = folder.resolve("home");
        Map<String, String> environment = new HashMap<>(context.environment());
        environment.keySet().removeIf(name -> name.startsWith("KEYSWEEP_") && !KEPT_VARIABLES.contains(name));
        environment.put("KEYSWEEP_HOME", home.toString());
        return new DemoService(
                GuardedProcess.start("the service", folder, environment, List.of(launcher, "server", "--port", "0")),
                new ServiceHome(home));
    }

    /**
     * Waits until the service listens, and returns its endpoint and the access key that its first start has created.
     *
     * @throws CommandFailure if the service ends, is not ready after two minutes, or has written no access key
     */
    ServiceAccess awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        // The service writes this file when it listens.
        String endpoint = home.endpoint();
        while (endpoint == null) {
            requireRunning();
            if (System.nanoTime() > deadline) {
                throw process.failure("is not ready after " + START_TIMEOUT.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            endpoint = home.endpoint();
        }
        Properties credentials = home.credentials();
        return new ServiceAccess(
                URI.create(endpoint),
                requireField(credentials.getProperty("project_id"), "project_id"),
                requireField(credentials.getProperty("access_key"), "access_key"),
                requireField(credentials.getProperty("secret_key"), "secret_key"));
    }

    /**
     * Checks that the service runs.
     *
     * @throws CommandFailure if the service has ended; the message contains the end of the service's log
     */
    void requireRunning() {
        if (!process.running()) {
            throw process.failure("has ended");
        }
    }

    /** Stops the service and removes its folder. Waits for its end, at most 40 s. */
    @Override
    public void close() {
        process.close();
    }

    private String requireField(@Nullable String value, String name) {
        if (value == null) {
            throw process.failure("has written no " + name + " to its credentials file");
        }
        return value;
    }
}
