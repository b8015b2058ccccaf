package io.keysweep.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysweep.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.h2.jdbcx.JdbcDataSource;

/** Creates new databases for tests: H2 files, or databases of a real PostgreSQL that starts once for each JVM. */
public final class TestDatabase {

    private static final class Postgres {
        // Only the operating system's own end could lose what is not synchronised.
        static final PostgresServer SERVER = PostgresServer.start(Map.of("fsync", "off"));
    }

    private TestDatabase() {}

    /** Creates a migrated H2 file in {@code folder}, with the same URL options as the service. */
    public static DataSource h2(Path folder) {
        return migrated(emptyH2(folder), "h2");
    }

    /** Creates a migrated database of a real PostgreSQL. */
    public static DataSource postgres() {
        return migrated(emptyPostgres(), "postgresql");
    }

    /** Creates an empty database of the given dialect, {@code h2} or {@code postgresql}. */
    public static DataSource empty(String dialect, Path folder) {
        return dialect.equals("h2") ? emptyH2(folder) : emptyPostgres();
    }

    /** Returns the configuration of Flyway for a dialect; it migrates to the newest version by default. */
    public static FluentConfiguration migration(String dialect) {
        return Flyway.configure()
                .locations("classpath:db/migration")
                .placeholders(Map.of("binary_type", dialect.equals("h2") ? "blob" : "bytea"));
    }

    private static DataSource migrated(DataSource dataSource, String dialect) {
        migration(dialect).dataSource(dataSource).load().migrate();
        return dataSource;
    }

    private static DataSource emptyH2(Path folder) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:file:" + folder.resolve(UUID.randomUUID().toString())
                + ";TIME ZONE=UTC;WRITE_DELAY=0;DB_CLOSE_DELAY=10");
        return dataSource;
    }

    private static DataSource emptyPostgres() {
        try {
            // Pooled, as PostgreSQL starts a process for every connection.
            HikariConfig pool = new HikariConfig();
            pool.setJdbcUrl(postgresUrl());
            pool.setMinimumIdle(0);
            pool.setMaximumPoolSize(50);
            pool.setIdleTimeout(Duration.ofSeconds(10).toMillis());
            return new HikariDataSource(pool);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates an empty database of a real PostgreSQL and returns its JDBC URL. */
    public static String postgresUrl() throws SQLException {
        return Postgres.SERVER.newDatabase();
    }
}
