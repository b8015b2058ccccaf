package io.keysweep.server.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Runs one service on H2 or two on PostgreSQL, with real servers to scan, for tests of budgets.
 *
 * <p>A budget limits how many sweeps run at the same time. A sweep may run while it has a permit: a granted row of the
 * table {@code permit}.
 */
final class BudgetScenario {

    /** The number of dead keys on every server. */
    static final int DEAD = 500;

    private final Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<RespClient> clients = new ArrayList<>();
    private final List<TestService> services = new ArrayList<>();

    /** Creates a scenario whose services have their homes in a folder. */
    BudgetScenario(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts the services, and returns the first service.
     *
     * @param dialect {@code h2} for one service, anything else for two on PostgreSQL
     * @param variables settings as environment variables
     */
    TestService start(String dialect, Map<String, String> variables) throws Exception {
        Map<String, String> environment = new HashMap<>(variables);
        Path home = Files.createDirectory(folder.resolve("one"));
        if (!dialect.equals("h2")) {
            environment.put("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
        }
        add(TestService.start(home, environment));
        if (!dialect.equals("h2")) {
            add(TestService.start(createHomeOfSecondProcess(home), environment));
        }
        return services.getFirst();
    }

    /** Uses a service that other tests share. {@link #close} does not stop it. */
    TestService use(TestService shared) {
        services.add(shared);
        return shared;
    }

    private void add(TestService service) {
        open.add(service);
        services.add(service);
    }

    /** Creates the home of a second process on the same database, which needs the same master key. */
    private Path createHomeOfSecondProcess(Path home) throws IOException {
        Path second = Files.createDirectory(folder.resolve("second"));
        for (String file : List.of("master.key", "credentials")) {
            Files.copy(home.resolve(file), second.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return second;
    }

    /** Returns the services, the first one first. */
    List<TestService> services() {
        return services;
    }

    /** Starts a server with live keys and {@link #DEAD} dead ones. */
    RedisServer server(int live) {
        RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
        open.add(redis);
        RespClient client = redis.client();
        open.add(client);
        clients.add(client);
        RespClient planting = redis.client();
        KeySpace.withExpiryOff(planting).plant(/* db= */ 0, live, DEAD);
        planting.close();
        return redis;
    }

    /** Registers a server and creates a scan of it with a rate ceiling; returns the id of the scan. */
    String scan(Credentials key, String name, RedisServer redis, int rate) {
        TestService service = services.getFirst();
        String instanceId = service.register(key, name, redis.uri());
        Answer created = service.call(
                key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":" + rate + "}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return created.id();
    }

    /** Returns a scan as the API shows it. */
    JsonNode get(Credentials key, String scanId) {
        return services.getFirst()
                .call(key, "GET", "/api/v1/scans/" + scanId, "")
                .body();
    }

    /** Returns all scans of a project by one request, because tests poll them. */
    List<JsonNode> scans(Credentials key) {
        return services.getFirst()
                .call(key, "GET", "/api/v1/scans?limit=200", "")
                .body()
                .get("scans")
                .valueStream()
                .toList();
    }

    /** Returns the ids of the scans of a project that run. */
    List<String> running(Credentials key) {
        return scans(key).stream()
                .filter(scan -> scan.get("status").asString().equals("running"))
                .map(scan -> scan.get("id").asString())
                .toList();
    }

    /** Waits until a scan meets a condition, and returns it. */
    JsonNode awaitScan(Credentials key, String scanId, Predicate<JsonNode> condition) {
        return Waits.awaitScan("the scan is as expected", () -> get(key, scanId), condition);
    }

    /** Returns the path of the budget of a project. */
    static String budgetPath(Credentials key) {
        return "/api/v1/projects/" + key.projectId() + "/budget";
    }

    /** Returns how many permits are granted at the moment, in all projects. */
    int grantedPermits() {
        return count("select count(*) from permit where granted_at is not null");
    }

    /** Returns how many permits are granted to the sweeps of a project. */
    int grantedPermits(Credentials key) {
        return count(
                "select count(*) from permit where granted_at is not null and project_id = '" + key.projectId() + "'");
    }

    private int count(String query) {
        return services.getFirst()
                .bean(JdbcClient.class)
                .sql(query)
                .query(Integer.class)
                .single();
    }

    /** Returns the id of a scan that has waited for its budget. */
    String waitedScan() {
        return services.getFirst()
                .bean(JdbcClient.class)
                .sql("select cast(scan_id as varchar(36)) from sweep_hold"
                        + " where reason = 'waits for its budget' limit 1")
                .query(String.class)
                .single();
    }

    /**
     * Returns the number of servers to which another client was connected at one moment. The method reads all servers
     * twice. A client that appears in both reads of its server was connected at the moment between the two.
     */
    int busyServers() {
        List<Set<String>> before =
                clients.stream().map(BudgetScenario::otherClients).toList();
        int busy = 0;
        for (int i = 0; i < clients.size(); i++) {
            Set<String> inBothReads = new TreeSet<>(before.get(i));
            inBothReads.retainAll(otherClients(clients.get(i)));
            busy += inBothReads.isEmpty() ? 0 : 1;
        }
        return busy;
    }

    /** Returns the ids of the clients of a server, without the client that asks. */
    private static Set<String> otherClients(RespClient client) {
        // The server removes clients that have closed their connections before it answers the next command.
        client.call("PING");
        String prefixOfThisClient = "id=" + client.callLong("CLIENT", "ID") + " ";
        return client.callText("CLIENT", "LIST")
                .lines()
                .filter(line -> !line.startsWith(prefixOfThisClient))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.toSet());
    }

    /** Stops what this scenario has started, the latest first. */
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }
}
