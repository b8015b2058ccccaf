package io.keysweep.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a real Redis or Valkey server for tests, as a process on a free port of the loopback address.
 *
 * <p>Each server has a separate temporary folder, which {@link #close} deletes. A server stores keys, or is a sentinel.
 * Not safe to share between threads.
 */
public final class RedisServer implements AutoCloseable {

    /** The number of attempts to start a server, each on another port. */
    private static final int MAX_STARTS = 5;

    /**
     * The longest wait of a start for the first answer. It usually comes within some ms, but much later on a busy
     * machine.
     */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration START_POLL_INTERVAL = Duration.ofMillis(5);

    /** The number of last lines of the server's log that the message of a failed start contains. */
    private static final int LOG_LINES_REPORTED = 10;

    private static final String SENTINEL_CONFIGURATION = "sentinel.conf";

    /** The value of {@code sentinelSettings} for a server that stores keys. */
    private static final @Nullable List<String> NO_SENTINEL = null;

    /**
     * The ports that this JVM has used. Two servers that start at the same time must not get the same free port. A port
     * is not used again, so that a late client of a closed server reaches no other one.
     */
    private static final Set<Integer> USED_PORTS = ConcurrentHashMap.newKeySet();

    private final RedisVersion version;
    private final int port;
    private final int tlsPort;
    private final TemporaryFolder folder;
    private final boolean sentinel;
    private final Thread killer = new Thread(this::kill, "kill-redis-server");

    /** The running process; null once it was killed. Volatile, since the shutdown hook reads it in another thread. */
    private volatile @Nullable Process process;

    private RedisServer(RedisVersion version, int port, int tlsPort, TemporaryFolder folder, boolean sentinel) {
        this.version = version;
        this.port = port;
        this.tlsPort = tlsPort;
        this.folder = folder;
        this.sentinel = sentinel;
        // A test run that is aborted must not leave servers running.
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts a server and waits until it answers PING. An error such as NOAUTH or LOADING is treated as an answer.
     *
     * @param options more options of the command line, for example {@code "--requirepass", "secret"}
     * @throws IllegalStateException if the version is not installed or does not start
     */
    public static RedisServer start(RedisVersion version, String... options) {
        return start(version, FreePorts::any, /* tls= */ false, NO_SENTINEL, List.of(options));
    }

    /**
     * Starts a server that accepts TLS connections on a second port, see {@link #tlsPort}.
     *
     * @param serverCertificate the certificate that the server presents, with its key
     * @param clientAuthority the authority that must have signed the clients' certificates
     * @param options more options of the command line. Clients must present a certificate, except if
     *     {@code --tls-auth-clients no} is among the options
     * @throws IllegalStateException if the version is not installed or does not start
     */
    public static RedisServer startWithTls(
            RedisVersion version, Certificates.Pair serverCertificate, Path clientAuthority, String... options) {
        List<String> allOptions = new ArrayList<>(RedisCommandLine.tlsOptions(serverCertificate, clientAuthority));
        allOptions.addAll(List.of(options));
        return start(version, FreePorts::any, /* tls= */ true, NO_SENTINEL, allOptions);
    }

    /**
     * Starts a server with a wiring, which says by which host, port and TLS the servers of a deployment reach each
     * other.
     */
    static RedisServer startWithWiring(RedisVersion version, Wiring wiring, List<String> options) {
        return start(
                version,
                FreePorts::any,
                wiring.certificates() != null,
                NO_SENTINEL,
                optionsWithWiring(wiring, options));
    }

    /** Starts a server with a wiring, on a port whose cluster bus port (10000 higher) is free as well. */
    static RedisServer startClusterNode(RedisVersion version, Wiring wiring, List<String> options) {
        return start(
                version,
                FreePorts::forClusterNode,
                wiring.certificates() != null,
                NO_SENTINEL,
                optionsWithWiring(wiring, options));
    }

    private static List<String> optionsWithWiring(Wiring wiring, List<String> options) {
        List<String> allOptions = new ArrayList<>(wiring.options());
        allOptions.addAll(options);
        return allOptions;
    }

    /**
     * Starts a single server in cluster mode, assigns all slots to it, and waits until it serves them.
     *
     * @param options more options of the command line
     * @throws IllegalStateException if the version is not installed or does not start
     */
    public static RedisServer startWithAllSlots(RedisVersion version, String... options) {
        List<String> allOptions = new ArrayList<>(List.of("--cluster-enabled", "yes"));
        allOptions.addAll(List.of(options));
        RedisServer server = startClusterNode(version, Wiring.PLAIN, allOptions);
        try (RespClient client = server.client()) {
            List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = 0; slot < HashSlot.COUNT; slot++) {
                slots.add(Integer.toString(slot));
            }
            client.call(slots.toArray(String[]::new));
            Waits.await("the node serves all slots")
                    .until(() -> client.callText("CLUSTER", "INFO").contains("cluster_state:ok"));
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Starts a sentinel with the given lines in its configuration file, which the sentinel rewrites later. */
    static RedisServer startSentinel(RedisVersion version, Wiring wiring, List<String> settings) {
        return start(version, FreePorts::any, wiring.certificates() != null, settings, wiring.options());
    }

    /**
     * Starts a server on a free port, and tries again on another port if it does not start.
     *
     * @param ports finds free ports
     * @param tls whether the server gets a TLS port as well
     * @param sentinelSettings the lines of a sentinel's configuration file; null for a server that stores keys
     * @param options more options of the command line
     */
    private static RedisServer start(
            RedisVersion version,
            IntSupplier ports,
            boolean tls,
            @Nullable List<String> sentinelSettings,
            List<String> options) {
        IllegalStateException failure = null;
        IntSupplier unusedPorts = () ->
                IntStream.generate(ports).filter(USED_PORTS::add).findFirst().orElseThrow();
        // Another process may take the port before the server binds it, so a failed start is repeated.
        for (int attempt = 0; attempt < MAX_STARTS; attempt++) {
            RedisServer server = new RedisServer(
                    version,
                    unusedPorts.getAsInt(),
                    tls ? unusedPorts.getAsInt() : 0,
                    TemporaryFolder.create("keysweep-redis"),
                    /* sentinel= */ sentinelSettings != null);
            try {
                if (sentinelSettings != null) {
                    server.folder.write(SENTINEL_CONFIGURATION, String.join("\n", sentinelSettings) + "\n");
                }
                server.launch(options);
                return server;
            } catch (IllegalStateException e) {
                server.close();
                failure = e;
            }
        }
        throw new IllegalStateException("Server " + version.label() + " does not start", failure);
    }

    /** Returns the version of the server. */
    public RedisVersion version() {
        return version;
    }

    /** Returns the server's plain port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Returns the server's TLS port, or 0 if it has none. */
    public int tlsPort() {
        return tlsPort;
    }

    /** Returns {@code redis://127.0.0.1:port}. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Opens a new connection to the plain port, without authentication. */
    public RespClient client() {
        return RespClient.connect(port);
    }

    /** Returns whether the server's process runs. */
    public boolean alive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /**
     * Kills the process with SIGKILL and waits until it has ended, for two minutes at most. {@link #restart}
     * starts a new process on the same port and folder.
     */
    public void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        try {
            running.waitFor(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    /**
     * Suspends the process (SIGSTOP), so that connections to it succeed but get no answer. {@link #kill} still ends it.
     */
    public void freeze() {
        Process running = process;
        if (running != null) {
            Signals.send("STOP", running.pid());
        }
    }

    /**
     * Kills the process, starts a new one on the same port and folder, and waits until the new one answers. The new
     * process has another {@code run_id} and only the data that was saved.
     *
     * @param options more options of the command line; the options of the first start do not apply again
     * @throws IllegalStateException if the new process does not start
     */
    public void restart(String... options) {
        kill();
        launch(List.of(options));
    }

    /** Kills the process and deletes its folder. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The JVM is shutting down and runs the hook by itself.
        }
        folder.close();
    }

    /** Starts the process and waits until it answers; throws IllegalStateException if no answer comes. */
    private void launch(List<String> options) {
        List<String> command = new RedisCommandLine(
                        version, port, tlsPort, folder.path(), sentinel ? folder.resolve(SENTINEL_CONFIGURATION) : null)
                .withOptions(options);
        Path log = folder.resolve("server.log");
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot run " + command, e);
        }
        awaitAnswer(log);
    }

    private void awaitAnswer(Path log) {
        try {
            Waits.await("the server answers")
                    .atMost(START_TIMEOUT)
                    .pollInterval(START_POLL_INTERVAL)
                    .until(() -> {
                        if (!alive()) {
                            throw new IllegalStateException("Server " + version.label() + " ended: "
                                    + TemporaryFolder.tail(log, LOG_LINES_REPORTED));
                        }
                        return answers();
                    });
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "Server " + version.label() + " does not answer: " + TemporaryFolder.tail(log, LOG_LINES_REPORTED),
                    e);
        }
    }

    private boolean answers() {
        try (RespClient client = client()) {
            client.call("PING");
            return true;
        } catch (RespException e) {
            // An error reply has no cause and is an answer; a broken connection has a cause.
            return e.getCause() == null;
        }
    }
}
