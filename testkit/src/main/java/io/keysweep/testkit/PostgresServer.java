package io.keysweep.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Runs a real PostgreSQL server for tests, on a free port of the loopback address and in a separate temporary folder.
 *
 * <p>A commit that the server has reported survives a crash, because {@code synchronous_commit} is on. Methods that
 * start or end the server return once it is ready or has ended. Not safe to share between threads.
 */
public final class PostgresServer implements AutoCloseable {

    /** The longest wait for a start, which takes some seconds; a busy machine may need minutes. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private final TemporaryFolder folder;
    private final Map<String, String> settings;
    private EmbeddedPostgres server;
    private final int port;

    private PostgresServer(TemporaryFolder folder, Map<String, String> settings) throws IOException {
        this.folder = folder;
        this.settings = Map.copyOf(settings);
        this.server = launch(/* fixedPort= */ 0);
        this.port = server.getPort();
    }

    /**
     * Starts a server. Its user is {@code postgres}, without a password.
     *
     * @param settings settings of {@code postgresql.conf}, for example {@code max_connections} and {@code 20}; others
     *     keep their defaults
     */
    public static PostgresServer start(Map<String, String> settings) {
        try {
            return new PostgresServer(TemporaryFolder.create("keysweep-postgres"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts the server on the data in the folder, which it creates at the first start.
     *
     * @param fixedPort the port, or 0 for any free one
     */
    private EmbeddedPostgres launch(int fixedPort) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(START_TIMEOUT)
                .setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        if (fixedPort != 0) {
            builder.setPort(fixedPort);
        }
        return builder.start();
    }

    /** Creates an empty database and returns its JDBC URL. */
    public String newDatabase() throws SQLException {
        return newDatabase("template1");
    }

    /**
     * Creates a copy of a database and returns its JDBC URL.
     *
     * @param original the name of a database to which nobody is connected
     */
    public String newDatabase(String original) throws SQLException {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " template " + original);
        }
        return url(name);
    }

    /** Returns the name of the database in a URL of {@link #newDatabase}. */
    public static String nameOf(String url) {
        return URI.create(url.substring("jdbc:".length())).getPath().substring(1);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
    }

    /** Returns the id of the server's main process; the server must be running. */
    public long pid() {
        try (Stream<String> lines = Files.lines(folder.resolve("data/postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shuts the server down with {@link #shutDown}, and starts it again on the same port and data. */
    public void restart() {
        shutDown();
        startAgain();
    }

    /**
     * Ends the server without a checkpoint, as a crash does, and starts it again on the same port; it then recovers.
     */
    public void crash() {
        end("QUIT");
        startAgain();
    }

    /** Ends all connections and shuts the server down in order ("fast shutdown"), until {@link #startAgain}. */
    public void shutDown() {
        end("INT");
    }

    /**
     * Suspends all processes of the server (SIGSTOP) until {@link #thaw}, so that calls get no answer. The main process
     * is suspended first, so that it starts no further processes in between.
     */
    public void freeze() {
        ProcessHandle main = ProcessHandle.of(pid()).orElseThrow();
        Signals.send("STOP", main.pid());
        signalChildren(main, "STOP");
    }

    /**
     * Lets a frozen server continue (SIGCONT). The main process continues last, because the id of a child that ends is
     * valid until the main process notices the end.
     */
    public void thaw() {
        ProcessHandle main = ProcessHandle.of(pid()).orElseThrow();
        signalChildren(main, "CONT");
        Signals.send("CONT", main.pid());
    }

    /** Sends a signal to the children of the main process, which serve the connections. */
    private static void signalChildren(ProcessHandle main, String signal) {
        main.children().forEach(child -> Signals.send(signal, child.pid()));
    }

    /** Starts the server again after {@link #shutDown}, on the same port and data. */
    public void startAgain() {
        try {
            server = launch(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server by a signal, and waits: INT is a fast shutdown, QUIT an immediate one without a checkpoint. */
    private void end(String signal) {
        ProcessHandle main = ProcessHandle.of(pid()).orElseThrow();
        Signals.send(signal, main.pid());
        Waits.await("the database has ended").until(() -> !main.isAlive());
        try {
            // The process has ended already; this releases the lock on the folder.
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server and deletes its data. */
    @Override
    public void close() {
        try {
            server.close();
            folder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
