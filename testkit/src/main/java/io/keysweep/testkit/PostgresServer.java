package io.keysweep.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A real PostgreSQL on a free port of the loopback address, with a folder of its own that goes when it is closed. It
 * commits as a database in use does: what it has said to be committed survives its crash. Not safe to share between
 * threads.
 */
public final class PostgresServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    private final Path folder;
    private final Map<String, String> settings;
    private EmbeddedPostgres server;
    private final int port;

    private PostgresServer(Path folder, Map<String, String> settings) throws IOException {
        this.folder = folder;
        this.settings = Map.copyOf(settings);
        this.server = launch(0);
        this.port = server.getPort();
    }

    /** Starts one with these settings of {@code postgresql.conf} over its defaults. */
    public static PostgresServer start(Map<String, String> settings) {
        try {
            return new PostgresServer(Files.createTempDirectory("keysweep-postgres"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EmbeddedPostgres launch(int samePort) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(START)
                .setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        if (samePort != 0) {
            builder.setPort(samePort);
        }
        return builder.start();
    }

    /** JDBC URL of a new, empty database. */
    public String newDatabase() throws SQLException {
        String name = "t" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return url(name);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
    }

    /** Id of the process that all others of the server descend from. */
    public long pid() {
        try (Stream<String> lines = Files.lines(folder.resolve("data").resolve("postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all connections, shuts down in order, and starts again on the same port and data. */
    public void restart() {
        shutDown();
        startUp();
    }

    /** Ends at once without writing anything, as a crash does, and starts again on the same port: it has to recover. */
    public void crash() {
        end("QUIT");
        startUp();
    }

    /** Ends all connections and shuts down in order; it is away until {@link #startUp}. */
    public void shutDown() {
        end("INT");
    }

    /** Starts again on the same port and data. */
    public void startUp() {
        try {
            server = launch(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(String signal) {
        ProcessHandle main = ProcessHandle.of(pid()).orElseThrow();
        Signals.send(signal, main.pid());
        Await.until("the database has ended", () -> !main.isAlive());
        try {
            // Lets go of the folder; there is nothing left for it to stop.
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
