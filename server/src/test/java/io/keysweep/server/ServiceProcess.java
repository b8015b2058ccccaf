package io.keysweep.server;

import static org.awaitility.Awaitility.await;

import io.keysweep.api.signature.RequestSigner;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as a process that can be killed; calls it as the administrator. */
public final class ServiceProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path home;
    private final Map<String, String> variables;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Properties credentials = new Properties();
    private Process process;
    private String endpoint = "";
    private String instanceId = "";

    /** How a start ended that came to nothing. */
    public record Refused(int exitCode, String output) {}

    private ServiceProcess(Path home, Map<String, String> variables) throws IOException {
        this.home = home;
        this.variables = variables;
        this.process = launch(home, variables);
    }

    /** Starts it with that home folder and waits until it listens. */
    public static ServiceProcess start(Path home, Map<String, String> variables) throws IOException {
        ServiceProcess service = new ServiceProcess(home, variables);
        service.awaitListening();
        try (InputStream file = Files.newInputStream(home.resolve("credentials"))) {
            service.credentials.load(file);
        }
        return service;
    }

    /** Starts it where it must refuse to start. */
    public static Refused refused(Path home, Map<String, String> variables) throws IOException, InterruptedException {
        Process process = launch(home, variables);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Refused(process.waitFor(), output);
    }

    private static Process launch(Path home, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                "--port",
                "0");
        builder.environment().put("KEYSWEEP_HOME", home.toString());
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true);
        return builder.start();
    }

    private void awaitListening() {
        Path file = home.resolve("endpoint");
        // Its output is read, so that it never waits for a full pipe.
        Thread.ofVirtual().start(this::drain);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The service ended with " + process.exitValue());
            }
            return Files.exists(file);
        });
        try {
            endpoint = Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void drain() {
        try (InputStream output = process.getInputStream()) {
            output.transferTo(System.out);
        } catch (IOException e) {
            // It was killed.
        }
    }

    /** Id of the process. */
    public long pid() {
        return process.pid();
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

    /** Starts it again on the same home folder. */
    public void restart() throws IOException {
        process = launch(home, variables);
        awaitListening();
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
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> get("/api/v1/scans/" + scanId), scan -> scan.has("finishedAt"));
    }

    /** Any call; {@code {project}} and {@code {instance}} are filled in. */
    public JsonNode call(String method, String path, String body) {
        URI uri = URI.create(endpoint
                + path.replace("{project}", credentials.getProperty("project_id"))
                        .replace("{instance}", instanceId));
        Map<String, String> headers = new HashMap<>(new RequestSigner(
                        credentials.getProperty("access_key"),
                        credentials.getProperty("secret_key"),
                        InstantSource.system())
                .sign(method, uri, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8)));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return JSON.readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroyForcibly();
    }
}
