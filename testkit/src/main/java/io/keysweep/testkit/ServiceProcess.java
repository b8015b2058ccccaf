package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The service as a process that can be killed, frozen and started again; calls it as the administrator. What it writes
 * goes to {@code service.log} in its home folder. Not safe to share between threads, but for the calls.
 */
public final class ServiceProcess implements AutoCloseable {

    /** A start takes seconds, and far more where machines are busy. */
    private static final Duration START = Duration.ofMinutes(3);

    private static final Duration CALL = Duration.ofSeconds(60);

    /** The tests of the service itself have it on their class path. */
    private static final List<String> ON_CLASS_PATH = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            "io.keysweep.server.ServerMain");

    private final List<String> command;
    private final Path home;
    private final Map<String, String> variables;
    private Process process;
    private @Nullable SignedServiceClient client;
    private volatile String endpoint = "";
    private String instanceId = "";

    /** How a start ended that came to nothing. */
    public record Refused(int exitCode, String output) {}

    private ServiceProcess(List<String> command, Path home, Map<String, String> variables) throws IOException {
        this.command = List.copyOf(command);
        this.home = home;
        this.variables = Map.copyOf(variables);
        this.process = run(command, home, variables, log(home));
    }

    /** Starts the service of the class path with that home folder and waits until it listens. */
    public static ServiceProcess start(Path home, Map<String, String> variables) throws IOException {
        ServiceProcess service = launch(ON_CLASS_PATH, home, variables);
        service.awaitListening();
        return service;
    }

    /**
     * Starts a service and waits for nothing.
     *
     * @param command what starts it, to which arguments are added
     */
    public static ServiceProcess launch(List<String> command, Path home, Map<String, String> variables)
            throws IOException {
        return new ServiceProcess(command, home, variables);
    }

    /** Starts it where it must refuse to start. */
    public static Refused refused(Path home, Map<String, String> variables) throws IOException, InterruptedException {
        Process process = run(ON_CLASS_PATH, home, variables, ProcessBuilder.Redirect.PIPE);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Refused(process.waitFor(), output);
    }

    /** Gives a second process of the same service its home: it needs the same master key. */
    public static Path sibling(Path home, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String file : List.of("master.key", "credentials")) {
            Files.copy(home.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return folder;
    }

    private static Process run(
            List<String> command, Path home, Map<String, String> variables, ProcessBuilder.Redirect output)
            throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--port", "0"));
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("KEYSWEEP_HOME", home.toString());
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true).redirectOutput(output);
        Process process = builder.start();
        // A test run that is cut short must not leave services behind; one that has ended is not asked again.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill-service"));
        return process;
    }

    private static ProcessBuilder.Redirect log(Path home) {
        return ProcessBuilder.Redirect.appendTo(home.resolve("service.log").toFile());
    }

    /** Waits until it listens. */
    public void awaitListening() {
        Path file = home.resolve("endpoint");
        Await.until("the service listens", START, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The service ended with " + process.exitValue() + ":\n" + tail());
            }
            return Files.exists(file);
        });
        try {
            endpoint = Files.readString(file).strip();
            if (client == null) {
                client = new SignedServiceClient(home.resolve("credentials"), CALL);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(home.resolve("service.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** Id of the process. */
    public long pid() {
        return process.pid();
    }

    /** Whether its process is there. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Where it listens; empty before it does. */
    public String endpoint() {
        return endpoint;
    }

    /** Its home folder. */
    public Path home() {
        return home;
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException, IOException {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(home.resolve("endpoint"));
    }

    /** Asks it to end and gives its exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The service does not end on SIGTERM");
        }
        return process.exitValue();
    }

    /** Stops all its threads where they are (SIGSTOP), until {@link #thaw}. */
    public void freeze() {
        Signals.send("STOP", pid());
    }

    /** Has it go on as if nothing had happened (SIGCONT). */
    public void thaw() {
        Signals.send("CONT", pid());
    }

    /** Starts it again on the same home folder and waits until it listens. */
    public void restart() throws IOException {
        relaunch();
        awaitListening();
    }

    /** Starts it again on the same home folder and waits for nothing. */
    public void relaunch() throws IOException {
        process = run(command, home, variables, log(home));
    }

    /** Registers an instance and gives its id. */
    public String register(String name, String uri) {
        instanceId = call("POST", "/api/v1/instances", "{\"name\":\"" + name + "\",\"uri\":\"" + uri + "\"}")
                .get("id")
                .asString();
        return instanceId;
    }

    /** Creates a scan and gives its id. */
    public String create(String instanceId) {
        return call("POST", "/v2/{project}/instances/" + instanceId + "/scan-expire-keys-task", "")
                .get("id")
                .asString();
    }

    /** GET; {@code {project}} and {@code {instance}} are filled in. */
    public JsonNode get(String path) {
        return call("GET", path, "");
    }

    /** Waits until the scan has ended. */
    public JsonNode awaitEnd(String scanId) {
        JsonNode[] scan = new JsonNode[1];
        Await.until("the scan has ended", Duration.ofMinutes(2), () -> {
            scan[0] = get("/api/v1/scans/" + scanId);
            return scan[0].has("finishedAt");
        });
        return scan[0];
    }

    /** Any call; {@code {project}} and {@code {instance}} are filled in. */
    public JsonNode call(String method, String path, String body) {
        SignedServiceClient caller = client;
        if (caller == null) {
            throw new IllegalStateException("It does not listen");
        }
        try {
            return caller.send(endpoint, method, path.replace("{instance}", instanceId), body, Map.of())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        process.destroyForcibly();
    }
}
