package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * Runs the Keysweep service as a process that a test can kill, freeze and restart, and calls its API as the
 * administrator.
 *
 * <p>The process writes its output to {@code service.log} in its home folder. While it serves the API, the file
 * {@code endpoint} there contains its URL. Several threads may use {@link #call} and {@link #get}, but no other method.
 */
public final class ServiceProcess implements AutoCloseable {

    /** The longest wait for a start, which takes some seconds; a busy machine may need minutes. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    /** The longest wait for a stop, which takes some seconds; a busy machine may need minutes. */
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(3);

    /** The time limit of each API call. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);

    /** The longest wait for the end of a scan. */
    private static final Duration SCAN_TIMEOUT = Duration.ofMinutes(4);

    /** The number of last lines of the log that the message of a failed start contains. */
    private static final int LOG_LINES_REPORTED = 20;

    /** The arguments that start the service on a free port. */
    static final List<String> SERVER_ARGUMENTS = List.of("--port", "0");

    private final List<String> command;
    private final Path home;
    private final Map<String, String> variables;
    private Process process;
    private @Nullable SignedServiceClient client;
    private volatile String endpoint = "";

    /** The id of the instance that was registered last; empty before. */
    private String instanceId = "";

    private ServiceProcess(List<String> command, Path home, Map<String, String> variables) throws IOException {
        this.command = List.copyOf(command);
        this.home = home;
        this.variables = Map.copyOf(variables);
        this.process = run(command, SERVER_ARGUMENTS, home, variables, redirectToLog(home));
    }

    /**
     * Starts the service and waits until it listens.
     *
     * @param home the home folder of the service, which must exist
     * @param variables environment variables in addition to the variables of this process
     * @throws IllegalStateException if the process ends before it listens
     * @throws org.awaitility.core.ConditionTimeoutException if it does not listen within three minutes
     */
    public static ServiceProcess start(Path home, Map<String, String> variables) throws IOException {
        ServiceProcess service = launch(ServiceJvm.packagedOrClasses(), home, variables);
        service.awaitListening();
        return service;
    }

    /**
     * Starts a service and returns immediately.
     *
     * @param command the command that starts a process; {@code --port 0} is appended, which selects a free port
     * @param home the home folder of the service
     * @param variables environment variables in addition to the variables of this process
     */
    public static ServiceProcess launch(List<String> command, Path home, Map<String, String> variables)
            throws IOException {
        return new ServiceProcess(command, home, variables);
    }

    /**
     * Prepares a home folder for another process of the same service: copies the master key and the credentials, since
     * the processes share a database.
     *
     * @param home the home folder of a process that has been started
     * @param folder the folder to create
     * @return {@code folder}
     */
    public static Path copyHome(Path home, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String file : List.of("master.key", "credentials")) {
            Files.copy(home.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return folder;
    }

    /** Starts a process with the command of the service and arguments for it. */
    static Process run(
            List<String> command,
            List<String> arguments,
            Path home,
            Map<String, String> variables,
            ProcessBuilder.Redirect output)
            throws IOException {
        List<String> words = new ArrayList<>(command);
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("KEYSWEEP_HOME", home.toString());
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true).redirectOutput(output);
        Process process = builder.start();
        // A test run that is aborted must not leave services running.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill-service"));
        return process;
    }

    private static ProcessBuilder.Redirect redirectToLog(Path home) {
        return ProcessBuilder.Redirect.appendTo(home.resolve("service.log").toFile());
    }

    /**
     * Waits until the service listens, and reads its URL.
     *
     * @throws IllegalStateException if the process has ended
     * @throws org.awaitility.core.ConditionTimeoutException if it does not listen within three minutes
     */
    public void awaitListening() {
        Path file = home.resolve("endpoint");
        Waits.await("the service listens").atMost(START_TIMEOUT).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The service ended with " + process.exitValue() + ":\n"
                        + TemporaryFolder.tail(home.resolve("service.log"), LOG_LINES_REPORTED));
            }
            return Files.exists(file);
        });
        try {
            endpoint = Files.readString(file).strip();
            if (client == null) {
                client = new SignedServiceClient(home.resolve("credentials"), CALL_TIMEOUT);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the id of the process. */
    public long pid() {
        return process.pid();
    }

    /** Returns whether the process runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Returns the URL at which the service listens; empty until {@link #awaitListening} has returned. */
    public String endpoint() {
        return endpoint;
    }

    /** Returns the home folder of the service. */
    public Path home() {
        return home;
    }

    /**
     * Kills the process with SIGKILL and waits until it has ended. Deletes the file {@code endpoint}, which the process
     * leaves behind, so that a restart does not read the old URL.
     */
    public void kill() throws InterruptedException, IOException {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(home.resolve("endpoint"));
    }

    /**
     * Sends SIGTERM, waits until the process ends, and returns its exit code.
     *
     * @throws IllegalStateException if the process does not end within three minutes
     */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The service does not end within " + STOP_TIMEOUT + " of SIGTERM");
        }
        return process.exitValue();
    }

    /** Suspends the process (SIGSTOP) until {@link #thaw}. */
    public void freeze() {
        Signals.send("STOP", pid());
    }

    /** Lets a frozen process continue (SIGCONT). */
    public void thaw() {
        Signals.send("CONT", pid());
    }

    /** Starts a new process on the same home folder and waits until it listens. The old process must have ended. */
    public void restart() throws IOException {
        relaunch();
        awaitListening();
    }

    /** Starts a new process on the same home folder and returns immediately. The old process must have ended. */
    public void relaunch() throws IOException {
        process = run(command, SERVER_ARGUMENTS, home, variables, redirectToLog(home));
    }

    /**
     * Registers an instance (a server to sweep) and returns its id. From then on, {@code {instance}} in the paths of
     * {@link #call} stands for this id.
     */
    public String register(String name, String uri) {
        instanceId = call("POST", "/api/v1/instances", "{\"name\":\"" + name + "\",\"uri\":\"" + uri + "\"}")
                .get("id")
                .asString();
        return instanceId;
    }

    /** Starts a scan of a registered instance through the DCS API (under {@code /v2}), and returns the scan's id. */
    public String startScan(String instanceId) {
        return call("POST", "/v2/{project}/instances/" + instanceId + "/scan-expire-keys-task", "")
                .get("id")
                .asString();
    }

    /** Sends a GET request and returns the body, see {@link #call}. */
    public JsonNode get(String path) {
        return call("GET", path, "");
    }

    /**
     * Waits until a scan has ended, and returns the scan as JSON.
     *
     * @throws org.awaitility.core.ConditionTimeoutException if that takes more than four minutes
     */
    public JsonNode awaitEnd(String scanId) {
        JsonNode[] scan = new JsonNode[1];
        Waits.await("the scan has ended").atMost(SCAN_TIMEOUT).until(() -> {
            scan[0] = get("/api/v1/scans/" + scanId);
            return scan[0].has("finishedAt");
        });
        return scan[0];
    }

    /**
     * Sends a signed request and returns the body of the response, whatever its status.
     *
     * @param path the path, in which {@code {project}} is replaced by the project's id and {@code {instance}} by the id
     *     of the instance that was registered last
     * @param body the JSON body; empty for none
     * @throws UncheckedIOException if no answer arrives within 60 s
     * @throws IllegalStateException if the service does not listen yet
     */
    public JsonNode call(String method, String path, String body) {
        SignedServiceClient caller = client;
        if (caller == null) {
            throw new IllegalStateException("The service does not listen yet");
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

    /** Kills the process without waiting for its end. */
    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        process.destroyForcibly();
    }
}
