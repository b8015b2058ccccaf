package io.keysweep.benchmarks.service;

import io.keysweep.testkit.PostgresServer;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.SignedServiceClient;
import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the service for a benchmark: several processes on one PostgreSQL.
 *
 * <p>The database and the home folders of the processes are temporary; {@link #close} removes them. Safe to share
 * between threads, except {@link #add} and {@link #close}.
 */
public final class Service implements AutoCloseable {

    /**
     * Settings of PostgreSQL. The extension {@code pg_stat_statements} counts SQL statements for benchmarks. 300
     * connections are enough for all processes together.
     */
    private static final Map<String, String> DATABASE_SETTINGS =
            Map.of("shared_preload_libraries", "pg_stat_statements", "max_connections", "300");

    private final List<String> command;
    private final Map<String, String> variables;
    private final TemporaryFolder folder;
    private final PostgresServer database;
    private final String url;
    private final List<ServiceMember> members = new ArrayList<>();
    private @Nullable SignedServiceClient client;

    private Service(List<String> command, Map<String, String> variables) throws IOException, SQLException {
        this.command = command;
        this.folder = TemporaryFolder.create("keysweep-service");
        this.database = PostgresServer.start(DATABASE_SETTINGS);
        this.url = database.newDatabase();
        this.variables = new TreeMap<>(variables);
        this.variables.put("KEYSWEEP_DATABASE_URL", url);
    }

    /**
     * Starts the database and the first process, and waits until the process listens. The caller must close the
     * service.
     *
     * @param command the command that starts a process
     * @param variables environment variables of all processes
     * @param roles the roles of the first process in the form of {@code --roles}; they must include {@code api}
     * @param timeout the time limit of each API call
     */
    public static Service start(List<String> command, Map<String, String> variables, String roles, Duration timeout)
            throws IOException, SQLException {
        Service service = new Service(command, variables);
        try {
            service.add(roles);
            service.awaitUp();
            service.client =
                    new SignedServiceClient(service.first().process().home().resolve("credentials"), timeout);
            return service;
        } catch (RuntimeException | IOException e) {
            service.close();
            throw e;
        }
    }

    /**
     * Starts another process and returns immediately; call {@link #awaitUp} before the process is used.
     *
     * @param roles the roles of the process in the form of {@code --roles}, for example {@code api,worker}
     */
    public ServiceMember add(String roles) throws IOException {
        String name = "process-" + (members.size() + 1);
        Path home = folder.resolve(name);
        // All processes share the master key of the first process, whose home is created at its first start.
        if (members.isEmpty()) {
            Files.createDirectories(home);
        } else {
            ServiceProcess.copyHome(first().process().home(), home);
        }
        Map<String, String> allVariables = new TreeMap<>(variables);
        allVariables.put("KEYSWEEP_ROLES", roles);
        ServiceMember member = new ServiceMember(
                name, ServiceProcess.launch(command, home, allVariables), roles.contains("api"), this::isRegistered);
        members.add(member);
        return member;
    }

    /** Returns whether the process with the given id has registered itself as a worker in the database. */
    private boolean isRegistered(long pid) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement query = connection.prepareStatement("select 1 from worker where pid = ?")) {
            query.setLong(1, pid);
            return query.executeQuery().next();
        } catch (SQLException e) {
            // The database is restarting; the caller polls again.
            return false;
        }
    }

    /** Waits until all processes have started, and throws an exception if one ends instead. */
    public void awaitUp() {
        members.forEach(ServiceMember::awaitUp);
    }

    /** Returns the process that was started first. */
    public ServiceMember first() {
        return members.getFirst();
    }

    /** Returns all processes. */
    public List<ServiceMember> members() {
        return List.copyOf(members);
    }

    /** Returns the JDBC URL of the database. */
    public String url() {
        return url;
    }

    /** Returns the database. */
    public PostgresServer database() {
        return database;
    }

    /** Returns a client that calls the processes as the administrator. */
    public SignedServiceClient client() {
        if (client == null) {
            throw new IllegalStateException("The service has not started");
        }
        return client;
    }

    /**
     * Returns the ERROR lines in the logs of all processes and how often each occurs. Ids and numbers in the lines are
     * replaced, so that equal errors are counted together.
     */
    public Map<String, Integer> errors() throws IOException {
        Map<String, Integer> errorCounts = new TreeMap<>();
        for (ServiceMember member : members) {
            try (Stream<String> lines = Files.lines(member.process().home().resolve("service.log"))) {
                lines.filter(line -> line.contains(" ERROR "))
                        .map(line -> line.replaceFirst("^.* ERROR ", "")
                                .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "<id>")
                                .replaceAll("\\d+", "<n>"))
                        .forEach(line -> errorCounts.merge(line, 1, Integer::sum));
            }
        }
        return errorCounts;
    }

    /** Copies the logs of all processes to a folder, as {@code process-1.log} and so on; replaces older files. */
    public void copyLogs(Path target) throws IOException {
        Files.createDirectories(target);
        for (ServiceMember member : members) {
            Files.copy(
                    member.process().home().resolve("service.log"),
                    target.resolve(member.name() + ".log"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        members.forEach(member -> member.process().close());
        database.close();
        folder.close();
    }
}
