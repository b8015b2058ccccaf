package io.keysweep.benchmarks.service;

import io.keysweep.testkit.PostgresServer;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.SignedServiceClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Processes of the service on one PostgreSQL. Safe to share, but for {@link #add} and {@link #close}. */
public final class Service implements AutoCloseable {

    private static final Map<String, String> DATABASE =
            Map.of("shared_preload_libraries", "pg_stat_statements", "max_connections", "300");

    private final List<String> command;
    private final Map<String, String> variables;
    private final Path folder;
    private final PostgresServer database;
    private final String url;
    private final List<ServiceMember> members = new ArrayList<>();
    private @Nullable SignedServiceClient client;

    private Service(List<String> command, Map<String, String> variables) throws IOException, SQLException {
        this.command = command;
        this.folder = Files.createTempDirectory("keysweep-service");
        this.database = PostgresServer.start(DATABASE);
        this.url = database.newDatabase();
        this.variables = new TreeMap<>(variables);
        this.variables.put("KEYSWEEP_DATABASE_URL", url);
    }

    /**
     * Starts the database and the first process, which must answer requests.
     *
     * @param command what starts a process
     * @param variables settings of all processes
     * @param roles of the first process, as {@code --roles} takes them
     * @param timeout how long a call waits for its answer
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

    /** Starts another process and waits for nothing. */
    public ServiceMember add(String roles) throws IOException {
        String name = "process-" + (members.size() + 1);
        Path home = folder.resolve(name);
        if (members.isEmpty()) {
            Files.createDirectories(home);
        } else {
            ServiceProcess.sibling(first().process().home(), home);
        }
        Map<String, String> all = new TreeMap<>(variables);
        all.put("KEYSWEEP_ROLES", roles);
        ServiceMember member =
                new ServiceMember(name, ServiceProcess.launch(command, home, all), roles.contains("api"), this::shown);
        members.add(member);
        return member;
    }

    private boolean shown(long pid) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement query = connection.prepareStatement("select 1 from worker where pid = ?")) {
            query.setLong(1, pid);
            return query.executeQuery().next();
        } catch (SQLException e) {
            // The database is being restarted; it is asked again.
            return false;
        }
    }

    /** Waits until all processes have come up. */
    public void awaitUp() {
        members.forEach(ServiceMember::awaitUp);
    }

    /** The process that was started first. */
    public ServiceMember first() {
        return members.getFirst();
    }

    /** All processes. */
    public List<ServiceMember> members() {
        return List.copyOf(members);
    }

    /** JDBC URL of the database. */
    public String url() {
        return url;
    }

    /** The database. */
    public PostgresServer database() {
        return database;
    }

    /** Calls its processes as the administrator. */
    public SignedServiceClient client() {
        if (client == null) {
            throw new IllegalStateException("It has not started");
        }
        return client;
    }

    /** Lines that say ERROR in the logs of all processes, with the number of times by the text after the time. */
    public Map<String, Integer> errors() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        for (ServiceMember member : members) {
            try (Stream<String> lines = Files.lines(member.process().home().resolve("service.log"))) {
                lines.filter(line -> line.contains(" ERROR "))
                        .map(line -> line.replaceFirst("^.* ERROR ", "")
                                .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "<id>")
                                .replaceAll("\\d+", "<n>"))
                        .forEach(line -> found.merge(line, 1, Integer::sum));
            }
        }
        return found;
    }

    /** Copies the logs of all processes. */
    public void keepLogs(Path into) throws IOException {
        Files.createDirectories(into);
        for (ServiceMember member : members) {
            Files.copy(
                    member.process().home().resolve("service.log"),
                    into.resolve(member.name() + ".log"),
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
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
