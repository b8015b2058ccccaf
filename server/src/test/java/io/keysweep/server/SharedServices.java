package io.keysweep.server;

import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts services with default settings that many test classes share, because the start of a service takes seconds.
 *
 * <p>There is one service for each database. A service starts when a test asks for it first, and stops after all tests
 * of the JVM. A test gets this object as a parameter from {@link SharedServicesResolver}.
 *
 * <p>Classes that share a service run at the same time, so a test must not see or change what other tests do:
 *
 * <ul>
 *   <li>It creates its projects, see {@link TestService#newAdministrator}. Names of projects differ between classes.
 *   <li>It sets no global hold, sends no more than a few wrong keys, and occupies no more than a few worker threads.
 *   <li>It counts nothing that belongs to the whole service.
 * </ul>
 *
 * A test that cannot do so starts a separate service. Safe to share between threads.
 */
public final class SharedServices implements AutoCloseable {

    private final TemporaryFolder folder = TemporaryFolder.create("keysweep-shared");
    private final Map<String, TestService> services = new ConcurrentHashMap<>();

    SharedServices() {}

    /** Returns the service whose database is an H2 file. */
    public TestService h2() {
        return on("h2");
    }

    /** Returns the service whose database is a real PostgreSQL. */
    public TestService postgres() {
        return on("postgresql");
    }

    /** Returns the service on a database, {@code h2} or {@code postgresql}. */
    public TestService on(String dialect) {
        return services.computeIfAbsent(dialect, this::start);
    }

    /** Starts the service of a dialect, on a new database. */
    private TestService start(String dialect) {
        try {
            Path home = Files.createDirectory(folder.resolve(dialect));
            return TestService.start(
                    home,
                    dialect.equals("h2")
                            ? Map.of()
                            : Map.of(
                                    "KEYSWEEP_DATABASE_URL",
                                    TestDatabase.postgresUrl(),
                                    "KEYSWEEP_DATABASE_USERNAME",
                                    "postgres"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops all services and deletes their files. */
    @Override
    public void close() {
        services.values().forEach(TestService::close);
        folder.close();
    }
}
