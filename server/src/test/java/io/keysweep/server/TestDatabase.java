package io.keysweep.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysweep.testkit.PostgresServer;
import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.h2.jdbcx.JdbcDataSource;

/**
 * Creates new databases for tests: H2 files, or databases of a real PostgreSQL that starts once for each JVM.
 *
 * <p>A new database is a copy of one that was migrated before, because tests need hundreds of databases and a migration
 * takes about a second. Only {@link #empty} copies nothing. Safe to share between threads.
 */
public final class TestDatabase {

    /** The user with whom the service opens H2 files by default. The first user of a file becomes its owner. */
    private static final String H2_USER = "keysweep";

    /** Counts the sessions of H2 that wait for a lock of the transaction in which the statement runs. */
    public static final String H2_SESSIONS_THAT_WAIT =
            "select count(*) from information_schema.sessions where blocker_id = session_id()";

    /**
     * Counts the locks of PostgreSQL for which other sessions wait because of the transaction in which the statement
     * runs. {@code pg_stat_activity} would show the same state until the end of that transaction.
     */
    public static final String POSTGRES_SESSIONS_THAT_WAIT =
            "select count(*) from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Starts the PostgreSQL server of the JVM when a test needs it. */
    private static final class Postgres {
        // Without fsync, PostgreSQL is faster. Only a crash of the operating system could lose data, and tests need no
        // data after such a crash. With hundreds of databases, autovacuum would start processes all the time.
        static final PostgresServer SERVER =
                PostgresServer.start(Map.of("fsync", "off", "full_page_writes", "off", "autovacuum", "off"));
    }

    /** Creates the migrated database that later databases of PostgreSQL are copies of. */
    private static final class MigratedPostgres {
        static final String NAME = create();

        private static String create() {
            try {
                String url = Postgres.SERVER.newDatabase();
                migration("postgresql")
                        .dataSource(url, /* user= */ null, /* password= */ null)
                        .load()
                        .migrate();
                return PostgresServer.nameOf(url);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Creates the migrated file that later H2 files are copies of. */
    private static final class MigratedH2 {
        static final byte[] FILE = create();

        private static byte[] create() {
            try (TemporaryFolder folder = TemporaryFolder.create("keysweep-h2")) {
                Path file = folder.resolve("migrated");
                JdbcDataSource dataSource = h2File(file);
                migration("h2").dataSource(dataSource).load().migrate();
                try (Connection connection = dataSource.getConnection();
                        Statement statement = connection.createStatement()) {
                    // The file keeps this setting of the URL, and would stay locked for a while after each close.
                    statement.execute("set db_close_delay 0");
                    statement.execute("shutdown");
                }
                return Files.readAllBytes(withSuffix(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private TestDatabase() {}

    /**
     * Creates a migrated H2 file in {@code folder}, with the same URL options as the service. In addition, transactions
     * wait for the locks of others so long that only a hang ends a wait.
     */
    public static DataSource h2(Path folder) {
        Path file = folder.resolve(UUID.randomUUID().toString());
        writeH2(file);
        return h2File(file);
    }

    /** Creates a migrated database of a real PostgreSQL. */
    public static DataSource postgres() {
        try {
            return pool(postgresUrl());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates a migrated database of a dialect: {@code h2}, a file in the folder, or {@code postgresql}. */
    public static DataSource create(String dialect, Path folder) {
        return dialect.equals("h2") ? h2(folder) : postgres();
    }

    /** Creates an empty database of the given dialect, {@code h2} or {@code postgresql}. */
    public static DataSource empty(String dialect, Path folder) {
        return dialect.equals("h2") ? emptyH2(folder) : emptyPostgres();
    }

    /** Returns the statement that counts the sessions that wait for a lock of the current transaction, for a dialect. */
    public static String sessionsThatWait(String dialect) {
        return dialect.equals("h2") ? H2_SESSIONS_THAT_WAIT : POSTGRES_SESSIONS_THAT_WAIT;
    }

    /** Returns the configuration of Flyway for a dialect; it migrates to the newest version by default. */
    public static FluentConfiguration migration(String dialect) {
        return Flyway.configure()
                .locations("classpath:db/migration")
                .placeholders(Map.of("binary_type", dialect.equals("h2") ? "blob" : "bytea"));
    }

    /**
     * Copies a migrated H2 file to a service's home folder, unless the folder has a database already.
     *
     * @return the folder
     */
    public static Path prepareHome(Path home) {
        Path file = home.resolve("keysweep");
        if (Files.notExists(withSuffix(file))) {
            writeH2(file);
        }
        return home;
    }

    /**
     * Returns the databases for a slow test whose result hardly depends on the database: {@code h2}, and in a full run
     * ({@code dev/verify --full}) also {@code postgresql}.
     */
    public static Stream<String> h2AndPostgresInFullRun() {
        return Boolean.getBoolean("keysweep.full") ? Stream.of("h2", "postgresql") : Stream.of("h2");
    }

    /** Creates a migrated database of a real PostgreSQL and returns its JDBC URL. */
    public static String postgresUrl() throws SQLException {
        return Postgres.SERVER.newDatabase(MigratedPostgres.NAME);
    }

    private static void writeH2(Path file) {
        try {
            Files.createFile(withSuffix(file), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.write(withSuffix(file), MigratedH2.FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path withSuffix(Path file) {
        return file.resolveSibling(file.getFileName() + ".mv.db");
    }

    private static JdbcDataSource h2File(Path file) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(
                "jdbc:h2:file:" + file + ";TIME ZONE=UTC;WRITE_DELAY=0;DB_CLOSE_DELAY=10;LOCK_TIMEOUT=180000");
        dataSource.setUser(H2_USER);
        return dataSource;
    }

    private static DataSource emptyH2(Path folder) {
        return h2File(folder.resolve(UUID.randomUUID().toString()));
    }

    private static DataSource emptyPostgres() {
        try {
            return pool(Postgres.SERVER.newDatabase());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a pool of connections, because PostgreSQL starts a process for every connection. */
    private static DataSource pool(String url) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(url);
        pool.setMinimumIdle(0);
        pool.setMaximumPoolSize(50);
        pool.setIdleTimeout(Duration.ofSeconds(10).toMillis());
        return new HikariDataSource(pool);
    }
}
