package io.keysweep.server;

import io.keysweep.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A new, migrated database: an H2 file, or one of a real PostgreSQL that is started once a JVM. */
public final class TestDatabase {

    private static final class Postgres {
        static final PostgresServer SERVER = PostgresServer.start(Map.of());
    }

    private TestDatabase() {}

    /** An H2 file in {@code folder}, opened as the service opens it. */
    public static DataSource h2(Path folder) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(
                "jdbc:h2:file:" + folder.resolve(UUID.randomUUID().toString()) + ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1");
        return migrated(dataSource, "h2");
    }

    /** An H2 file in {@code folder} as the first version left it. */
    public static DataSource h2OfVersion1(Path folder) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:file:" + folder.resolve(UUID.randomUUID().toString()) + ";DB_CLOSE_DELAY=-1");
        return migrated(dataSource, "h2", "1");
    }

    /** A database of a real PostgreSQL as the first version left it. */
    public static DataSource postgresOfVersion1() throws SQLException {
        return migrated(new DriverManagerDataSource(postgresUrl()), "postgresql", "1");
    }

    /** Brings a database up to the newest version. */
    public static DataSource migrated(DataSource dataSource, String dialect) {
        return migrated(dataSource, dialect, "latest");
    }

    /** A database of a real PostgreSQL. */
    public static DataSource postgres() {
        try {
            return migrated(new DriverManagerDataSource(postgresUrl()), "postgresql");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** JDBC URL of a new, empty database of a real PostgreSQL. */
    public static String postgresUrl() throws SQLException {
        return Postgres.SERVER.newDatabase();
    }

    private static DataSource migrated(DataSource dataSource, String dialect, String version) {
        Flyway.configure()
                .dataSource(dataSource)
                .target(version)
                .locations("classpath:db/" + dialect)
                .load()
                .migrate();
        return dataSource;
    }
}
