package io.keysweep.server;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.http.HttpConfig;
import com.huaweicloud.sdk.dcs.v2.DcsClient;
import io.keysweep.api.signature.RequestSigner;
import io.keysweep.testkit.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the complete service in this JVM on a free port, and sends signed requests to it. */
public final class TestService implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    /** The running service; null after {@link #close}, since static fields of tests keep this object until the end. */
    private volatile @Nullable ConfigurableApplicationContext context;

    private final HttpClient http;
    private final HttpConfig sdkConfig = HttpConfig.getDefaultHttpConfig();
    private final String endpoint;
    private final Credentials administrator;

    /** Contains an access key with its secret and its project. */
    public record Credentials(String projectId, String accessKey, String secretKey) {

        /** Reads the credentials of a new access key from the answer to its creation, or to that of its project. */
        public static Credentials of(JsonNode created) {
            return new Credentials(
                    created.get("projectId").asString(),
                    created.get("accessKey").asString(),
                    created.get("secretKey").asString());
        }

        /** Returns the id of the project as a UUID with dashes, the form that some clients send. */
        public String dashedProjectId() {
            return projectId.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
        }
    }

    /** Contains a response: status, headers and the JSON body. The body is a {@code null} node if there is none. */
    public record Answer(HttpResponse<String> response, JsonNode body) {

        /** Returns the HTTP status. */
        public int status() {
            return response.statusCode();
        }

        /** Returns the body of the answer to a creation, which must have succeeded. */
        public JsonNode created() {
            if (status() != 201) {
                throw new IllegalStateException(response.body());
            }
            return body;
        }

        /** Returns the id in the body. */
        public String id() {
            return body.get("id").asString();
        }

        /** Returns the sentences about the fields that a request was refused for. */
        public List<String> fieldProblems() {
            return body.get("errors")
                    .valueStream()
                    .map(problem -> problem.get("detail").asString())
                    .toList();
        }

        /** Returns the {@code error_code} of a DCS error, or an empty text. */
        public String errorCode() {
            return body.path("error_code").asString("");
        }

        /** Returns the first value of a header, or an empty text. */
        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    private TestService(ConfigurableApplicationContext context, Path home, @Nullable ClientTls tls) {
        this.context = context;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(60));
        if (tls != null) {
            builder.sslContext(tls.context());
            sdkConfig.withSSLSocketFactory(tls.context().getSocketFactory()).withX509TrustManager(tls.trust());
        }
        http = builder.build();
        try (InputStream file = Files.newInputStream(home.resolve("credentials"))) {
            endpoint = Files.readString(home.resolve("endpoint")).strip();
            Properties properties = new Properties();
            properties.load(file);
            administrator = new Credentials(
                    properties.getProperty("project_id"),
                    properties.getProperty("access_key"),
                    properties.getProperty("secret_key"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a service with a home folder and environment variables. A new H2 database gets its tables from a copy. */
    public static TestService start(Path home, Map<String, String> variables) {
        return start(home, variables, /* tls= */ null);
    }

    /** Starts a service that creates everything in its home folder itself, which takes longer. */
    static TestService startFromNothing(Path home) {
        return run(home, Map.of(), /* tls= */ null);
    }

    /** Starts a service whose variables set up TLS, and calls it with the TLS of a client. */
    public static TestService start(Path home, Map<String, String> variables, @Nullable ClientTls tls) {
        if (!variables.containsKey("KEYSWEEP_DATABASE_URL") && Files.isDirectory(home)) {
            TestDatabase.prepareHome(home);
        }
        return run(home, variables, tls);
    }

    private static TestService run(Path home, Map<String, String> variables, @Nullable ClientTls tls) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KEYSWEEP_HOME", home.toString());
        return new TestService(ServerMain.start(List.of("--port", "0"), environment), home, tls);
    }

    /** Returns the service's URL, {@code http://127.0.0.1:port}, with {@code https} under TLS. */
    public String endpoint() {
        return endpoint;
    }

    /** Returns the administrator's key, which the first start created. */
    public Credentials administrator() {
        return administrator;
    }

    /** Returns a Spring bean of the service. */
    public <T> T bean(Class<T> type) {
        return context().getBean(type);
    }

    /** Returns a Spring bean of the service by its name, for a type of which there are several. */
    public <T> T bean(String name, Class<T> type) {
        return context().getBean(name, type);
    }

    private ConfigurableApplicationContext context() {
        return Objects.requireNonNull(context, "the service is closed");
    }

    /** Creates a client of Huawei Cloud's Java SDK as its users do. */
    public DcsClient sdk(Credentials key) {
        return DcsClient.newBuilder()
                .withCredential(new BasicCredentials()
                        .withAk(key.accessKey())
                        .withSk(key.secretKey())
                        .withProjectId(key.projectId()))
                .withHttpConfig(sdkConfig)
                .withEndpoints(List.of(endpoint))
                .build();
    }

    /** Registers an instance and returns its id. */
    public String register(Credentials key, String name, String uri) {
        return register(key, JSON.createObjectNode().put("name", name).put("uri", uri));
    }

    /** Registers an instance from a request body and returns its id. */
    public String register(Credentials key, JsonNode body) {
        Answer answer = call(key, "POST", "/api/v1/instances", body.toString());
        return answer.created().get("id").asString();
    }

    /** Creates a project and returns its first access key. */
    public Credentials project(String name) {
        return Credentials.of(call(administrator, "POST", "/api/v1/projects", "{\"name\":\"" + name + "\"}")
                .created());
    }

    /** Creates a project, and returns an access key of it that has all permissions in all projects. */
    public Credentials newAdministrator(String project) {
        String body = "{\"name\":\"" + project + "\",\"actions\":[\"*\"]}";
        return Credentials.of(
                call(administrator, "POST", "/api/v1/projects", body).created());
    }

    /**
     * Creates an access key.
     *
     * @param creator the key that signs the request
     * @param projectId the project that the new key belongs to
     * @param body the request, such as {@code {"actions":["*"]}}
     */
    public Credentials newKey(Credentials creator, String projectId, String body) {
        return Credentials.of(call(creator, "POST", "/api/v1/projects/" + projectId + "/access-keys", body)
                .created());
    }

    /** Sends a signed request with a JSON body, empty for none. */
    public Answer call(Credentials key, String method, String path, String body) {
        return call(key, method, path, body, Map.of());
    }

    /** Sends a signed request with a JSON body, empty for none, and further headers. */
    public Answer call(Credentials key, String method, String path, String body, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Content-Type", "application/json");
        return send(method, path, sign(key, method, path, headers, body), body);
    }

    /** Returns the headers of a signed request, including the headers with its signature. */
    public Map<String, String> sign(
            Credentials key, String method, String path, Map<String, String> headers, String body) {
        return sign(key, method, path, headers, body, InstantSource.system());
    }

    /** Returns the headers of a request that is signed at the clock's time. */
    public Map<String, String> sign(
            Credentials key,
            String method,
            String path,
            Map<String, String> headers,
            String body,
            InstantSource clock) {
        return new RequestSigner(key.accessKey(), key.secretKey(), clock)
                .sign(method, URI.create(endpoint + path), headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a request with exactly these headers, signed or not. */
    public Answer send(String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(60));
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response, Objects.requireNonNull(JSON.readTree(response.body())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sends text to the service on a separate connection, for requests that no HTTP client sends.
     *
     * @param request complete request, which is encoded as UTF-8
     * @return everything that the service sends until it closes the connection
     */
    public String sendRaw(String request) throws IOException {
        return sendRaw(request, StandardCharsets.UTF_8);
    }

    /** Sends text like {@link #sendRaw(String)}, in another encoding. */
    public String sendRaw(String request, Charset encoding) throws IOException {
        URI address = URI.create(endpoint());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write(request.getBytes(encoding));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        http.close();
        ConfigurableApplicationContext open = context;
        context = null;
        if (open != null) {
            open.close();
        }
    }
}
