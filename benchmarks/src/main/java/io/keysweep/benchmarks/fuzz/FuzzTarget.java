package io.keysweep.benchmarks.fuzz;

import io.keysweep.benchmarks.server.StartedParts;
import io.keysweep.benchmarks.service.ProcessFigures;
import io.keysweep.testkit.PostgresServer;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.SignedServiceClient;
import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Runs the service that is fuzzed, with its PostgreSQL and a Redis server, as processes on the loopback address.
 *
 * <p>No process has the role worker, so that scans wait until they are cancelled, and nothing but the requests changes
 * the service.
 */
final class FuzzTarget implements AutoCloseable {

    // No request contains these secrets, so an answer that contains one of them has revealed it.
    private static final String INSTANCE_PASSWORD = "canary-of-the-instance-password";
    private static final String METRICS_TOKEN = "canary-of-the-metrics-token";

    /** The processes, their files and the connections to them. */
    private final StartedParts parts;

    private final TemporaryFolder folder;
    private final RedisServer redis;
    private final PostgresServer database;
    private final ServiceProcess service;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FuzzProject project;
    private final ConsoleVisitor console;
    private final TargetValues.Key administrator;
    private final long startLogBytes;

    private FuzzTarget(List<String> command, StartedParts parts)
            throws IOException, InterruptedException, SQLException {
        this.parts = parts;
        folder = TemporaryFolder.create("keysweep-fuzz");
        parts.add(folder);
        redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", INSTANCE_PASSWORD);
        parts.add(redis);
        database = PostgresServer.start(Map.of("synchronous_commit", "off", "fsync", "off"));
        parts.add(database);
        Path home = Files.createDirectory(folder.resolve("home"));
        service = ServiceProcess.launch(command, home, variables());
        parts.add(service::kill);
        parts.add(http::shutdownNow);
        service.awaitListening();
        startLogBytes = Files.size(log());
        administrator = readAdministratorKey();
        project = FuzzProject.create(service, folder, redis.uri(), INSTANCE_PASSWORD);
        parts.add(project);
        console = new ConsoleVisitor(http, service.endpoint(), project.key());
    }

    /** Starts all processes, and waits until the service answers. The caller must close the target. */
    static FuzzTarget start(List<String> command) throws IOException, InterruptedException, SQLException {
        StartedParts parts = new StartedParts();
        try {
            return new FuzzTarget(command, parts);
        } catch (RuntimeException | IOException | InterruptedException | SQLException e) {
            parts.closeAfter(e);
            throw e;
        }
    }

    /**
     * Returns the environment of the service. Its limits for many requests are lifted, and idle connections end sooner.
     * It connects to the loopback address only, and asks no name server. Its heap is small, so that its caches are full
     * soon and a leak shows.
     */
    private Map<String, String> variables() throws IOException, SQLException {
        Path hosts = folder.write(
                "hosts", "127.0.0.1 localhost " + InetAddress.getLocalHost().getHostName() + "\n");
        return Map.of(
                "KEYSWEEP_DATABASE_URL", database.newDatabase(),
                "JAVA_TOOL_OPTIONS", "-Xmx256m -Djdk.net.hosts.file=" + hosts,
                "KEYSWEEP_ROLES", "api,console",
                "KEYSWEEP_LIMITS_RATE_PER_KEY", "1000000",
                "KEYSWEEP_LIMITS_RATE_PER_ADDRESS", "1000000",
                "KEYSWEEP_LIMITS_IDLE_SECONDS", "10",
                "KEYSWEEP_EGRESS_ALLOWED_NETWORKS", "127.0.0.0/8, ::1/128",
                "KEYSWEEP_METRICS_TOKEN", METRICS_TOKEN);
    }

    /** Reads the administrator's key from the file that the service has written. */
    private TargetValues.Key readAdministratorKey() throws IOException {
        Properties credentials = new Properties();
        try (var file = Files.newBufferedReader(service.home().resolve("credentials"))) {
            credentials.load(file);
        }
        return new TargetValues.Key(credentials.getProperty("access_key"), credentials.getProperty("secret_key"));
    }

    /** Returns all operations of the service: from its documents, and from the pages and forms of its console. */
    List<FuzzedOperation> operations(JsonNode openApi, Path dcsTable) throws IOException, InterruptedException {
        refresh();
        List<FuzzedOperation> operations = new ArrayList<>(OpenApiOperations.read(openApi));
        operations.addAll(DcsOperations.read(dcsTable));
        operations.addAll(console.operations());
        return List.copyOf(operations);
    }

    /** Returns the OpenAPI document that the service serves. */
    JsonNode openApi() {
        return service.get("/api/v1/openapi.json");
    }

    /**
     * Restores the resources that requests have removed, removes the resources that they have created, and signs in
     * again.
     */
    TargetValues refresh() throws IOException, InterruptedException {
        Map<String, List<String>> ids = new TreeMap<>(project.restore());
        console.signIn();
        URI endpoint = URI.create(service.endpoint());
        return new TargetValues(
                endpoint.getAuthority(),
                ids,
                redis.uri(),
                project.key(),
                project.payloadKey(),
                project.token(),
                console.cookies(),
                console.formToken(),
                InstantSource.system());
    }

    /** Returns one text for each valid call that is answered wrongly; an empty list if the service works. */
    List<String> health() throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (String path : List.of("/api/v1/scans?limit=1", "/v2/{project}/instances", "/api/v1/instances")) {
            try {
                SignedServiceClient.Answer answer = project.call("GET", path, "");
                if (answer.status() != 200) {
                    problems.add("valid call of " + path + " has status " + answer.status() + ": " + answer.body());
                }
            } catch (IOException e) {
                problems.add("valid call of " + path + " has no answer: " + e);
            }
        }
        return problems;
    }

    /** Returns the secrets that no answer and no log may contain, by name. */
    Map<String, String> secrets() throws IOException {
        byte[] master = Files.readAllBytes(service.home().resolve("master.key"));
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("master key", Octets.of(master));
        secrets.put("master key in hex", HexFormat.of().formatHex(master));
        secrets.put("master key in Base64", Base64.getEncoder().withoutPadding().encodeToString(master));
        secrets.put("secret key of the administrator", administrator.secretKey());
        secrets.put("secret key of the signing access key", project.key().secretKey());
        secrets.put("secret key in requests", project.payloadKey().secretKey());
        secrets.put("password of an instance", INSTANCE_PASSWORD);
        secrets.put("metrics token", METRICS_TOKEN);
        return secrets;
    }

    /** Returns the address at which the service listens. */
    InetSocketAddress address() {
        URI endpoint = URI.create(service.endpoint());
        return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
    }

    /** Returns the log of the service. */
    Path log() {
        return service.home().resolve("service.log");
    }

    /** Returns the size of the log when the service had started. */
    long startLogBytes() {
        return startLogBytes;
    }

    /** Returns whether the process of the service runs. */
    boolean alive() {
        return service.alive();
    }

    /** Returns the heap that the service uses after a full garbage collection, in MiB. */
    double usedHeapMb() throws IOException, InterruptedException {
        return ProcessFigures.usedHeapMb(service.pid());
    }

    /** Stops all processes, and removes their files. */
    @Override
    public void close() {
        parts.close();
    }
}
