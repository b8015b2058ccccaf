package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real server of one version on a free port of the loopback address, with a folder of its own that goes when it is
 * closed. Not safe to share between threads.
 */
public final class RedisServer implements AutoCloseable {

    private static final int ATTEMPTS = 5;
    private static final long START_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Ports that this JVM has used: two servers that start at the same time must not get the same free port. */
    private static final Set<Integer> USED_PORTS = ConcurrentHashMap.newKeySet();

    private final RedisVersion version;
    private final int port;
    private final int tlsPort;
    private final Path folder;
    private final boolean sentinel;
    private final Thread killer = new Thread(this::kill, "kill-redis-server");
    private volatile @Nullable Process process;

    private RedisServer(RedisVersion version, int port, int tlsPort, Path folder, boolean sentinel) {
        this.version = version;
        this.port = port;
        this.tlsPort = tlsPort;
        this.folder = folder;
        this.sentinel = sentinel;
        // A test run that is cut short must not leave servers behind.
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts a server and waits until it answers, be it with an error such as NOAUTH or LOADING.
     *
     * @param options as on its command line, for example {@code "--requirepass", "secret"}
     * @throws IllegalStateException if the version is not installed or does not start
     */
    public static RedisServer start(RedisVersion version, String... options) {
        return start(version, RedisServer::freePort, /* tls= */ false, null, List.of(options));
    }

    /**
     * The same with a second port that speaks TLS, see {@link #tlsPort}.
     *
     * @param shown what the server shows of itself
     * @param trusted the authority that certificates of clients must go back to
     * @param options as on its command line; without {@code --tls-auth-clients} clients need a certificate
     * @throws IllegalStateException if the version is not installed or does not start
     */
    public static RedisServer startWithTls(
            RedisVersion version, Certificates.Pair shown, Path trusted, String... options) {
        List<String> all = new ArrayList<>(tlsOptions(shown, trusted));
        all.addAll(List.of(options));
        return start(version, RedisServer::freePort, /* tls= */ true, null, all);
    }

    /** What a server shows of itself over TLS, and whom it trusts. */
    static List<String> tlsOptions(Certificates.Pair shown, Path trusted) {
        return List.of(
                "--tls-cert-file",
                shown.certificate().toString(),
                "--tls-key-file",
                shown.key().toString(),
                "--tls-ca-cert-file",
                trusted.toString());
    }

    /** A server that talks to others of its deployment by a wiring. */
    static RedisServer startWired(RedisVersion version, Wiring wiring, List<String> options) {
        return start(version, RedisServer::freePort, wiring.certificates() != null, null, wired(wiring, options));
    }

    /** {@link #startWired}, with two free ports: that of the cluster bus is 10000 above the server's own. */
    static RedisServer startClusterNode(RedisVersion version, Wiring wiring, List<String> options) {
        return start(version, ClusterPorts::free, wiring.certificates() != null, null, wired(wiring, options));
    }

    private static List<String> wired(Wiring wiring, List<String> options) {
        List<String> all = new ArrayList<>(wiring.options());
        all.addAll(options);
        return all;
    }

    /**
     * Starts a server in cluster mode that serves all slots by itself, and waits until it does.
     *
     * @param options as on its command line
     * @throws IllegalStateException if the version is not installed or does not start
     */
    public static RedisServer startWithAllSlots(RedisVersion version, String... options) {
        List<String> all = new ArrayList<>(List.of("--cluster-enabled", "yes"));
        all.addAll(List.of(options));
        RedisServer server = startClusterNode(version, Wiring.PLAIN, all);
        try (RespClient client = server.client()) {
            List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = 0; slot < HashSlot.COUNT; slot++) {
                slots.add(Integer.toString(slot));
            }
            client.call(slots.toArray(String[]::new));
            Await.until(
                    "the node serves all slots",
                    () -> client.callText("CLUSTER", "INFO").contains("cluster_state:ok"));
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Starts a sentinel, whose file of settings begins with these lines and is its own from then on. */
    static RedisServer startSentinel(RedisVersion version, Wiring wiring, List<String> settings) {
        return start(version, RedisServer::freePort, wiring.certificates() != null, settings, wiring.options());
    }

    private static RedisServer start(
            RedisVersion version,
            IntSupplier ports,
            boolean tls,
            @Nullable List<String> sentinelSettings,
            List<String> options) {
        IllegalStateException failure = null;
        // Another process may take the port between our look and the server's start.
        IntSupplier unusedPorts = () ->
                IntStream.generate(ports).filter(USED_PORTS::add).findFirst().orElseThrow();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            RedisServer server = new RedisServer(
                    version,
                    unusedPorts.getAsInt(),
                    tls ? unusedPorts.getAsInt() : 0,
                    newFolder(),
                    /* sentinel= */ sentinelSettings != null);
            try {
                if (sentinelSettings != null) {
                    server.writeSettings(sentinelSettings);
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

    /** Its version. */
    public RedisVersion version() {
        return version;
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Its port on 127.0.0.1 that speaks TLS; 0 if it has none. */
    public int tlsPort() {
        return tlsPort;
    }

    /** {@code redis://127.0.0.1:port}. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** A new connection, without authentication. */
    public RespClient client() {
        return RespClient.connect(port);
    }

    /** Whether its process runs. */
    public boolean alive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Ends the process at once, as a crash would; {@link #restart} brings it back on the same port and folder. */
    public void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        try {
            running.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    /** Kills the process and starts a new one on the same port and folder: another run_id, and only data it has saved. */
    public void restart(String... options) {
        kill();
        launch(List.of(options));
    }

    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // The JVM is going down and runs the hook by itself.
        }
        deleteFolder();
    }

    private void launch(List<String> options) {
        List<String> command = new ArrayList<>(List.of(version.serverBinary().toString()));
        if (sentinel) {
            command.addAll(List.of(settingsFile().toString(), "--sentinel"));
        }
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", folder.toString()));
        if (!sentinel) {
            // By default a primary waits 5 s for more replicas before it sends its data to the first one.
            command.addAll(List.of("--save", "", "--repl-diskless-sync-delay", "0"));
            if (version.guardsDebug()) {
                command.addAll(List.of("--enable-debug-command", "local"));
            }
        }
        if (tlsPort != 0) {
            command.addAll(List.of("--tls-port", Integer.toString(tlsPort)));
        }
        command.addAll(options);
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

    private Path settingsFile() {
        return folder.resolve("sentinel.conf");
    }

    private void writeSettings(List<String> lines) {
        try {
            Files.write(settingsFile(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer(Path log) {
        long start = System.nanoTime();
        while (!answers()) {
            Process running = process;
            if (running == null || !running.isAlive()) {
                throw new IllegalStateException("Server " + version.label() + " ended: " + tail(log));
            }
            if (System.nanoTime() - start > START_TIMEOUT_NANOS) {
                throw new IllegalStateException("Server " + version.label() + " does not answer: " + tail(log));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private boolean answers() {
        try (RespClient client = client()) {
            client.call("PING");
            return true;
        } catch (RespException e) {
            return e.getCause() == null;
        }
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("keysweep-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
