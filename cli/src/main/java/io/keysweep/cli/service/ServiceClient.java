package io.keysweep.cli.service;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceView;
import io.keysweep.api.ScanView;
import io.keysweep.api.signature.RequestSigner;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls a service over HTTP with signed requests, for the commands that talk to a service.
 *
 * <p>The methods wait for the answer. They throw a {@link CommandFailure} with an exit code in three cases: the service
 * answers with a different status than 2xx ({@link ServiceRefusal}), it does not answer in time, or the answer is not
 * of the expected type. A request is sent once and never repeated. Safe for use by several threads.
 *
 * <p>The native API has paths under {@code /api/v1}. The DCS API, the API of Huawei Cloud's Distributed Cache Service,
 * has paths under {@code /v2}.
 */
public final class ServiceClient implements AutoCloseable {

    /** Stands for the body of a request without a body. */
    private static final @Nullable Object NO_BODY = null;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(2);

    /** Time limit of requests that name no other. */
    private final Duration answerTimeout;

    private final ServiceAccess access;
    /** Signs the requests; null for a client without an access key. */
    private final @Nullable RequestSigner signer;

    /** Token of the user who has signed in, which each later request contains; null if no user has. */
    private volatile @Nullable String token;

    private final JsonMapper json = JsonMapper.builder().build();
    private final ServiceConnection connection;

    /**
     * Creates a client of one service, which waits at most 10 s for a connection and 60 s for an answer. Reads the
     * files for TLS, but does not connect yet.
     *
     * @param clock provides the current time, which every signature contains
     * @throws CommandFailure if a file for TLS cannot be used, or if the access key or the project id has characters
     *     that no HTTP header can have
     */
    public ServiceClient(ServiceAccess access, InstantSource clock) {
        this(access, clock, CONNECT_TIMEOUT, ANSWER_TIMEOUT);
    }

    private ServiceClient(ServiceAccess access, InstantSource clock, Duration connectTimeout, Duration answerTimeout) {
        requireAscii("the access key", access.accessKey());
        requireAscii("the project id", access.projectId());
        this.answerTimeout = answerTimeout;
        this.access = access;
        this.signer =
                access.accessKey().isEmpty() ? null : new RequestSigner(access.accessKey(), access.secretKey(), clock);
        this.connection = new ServiceConnection(access, connectTimeout);
    }

    /** Refuses a value that is sent as a header, if the HTTP client would refuse it. */
    private static void requireAscii(String what, String value) {
        if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            // The value is not shown, because it is a secret key if the user has mixed the keys up.
            throw new CommandFailure(
                    ExitCode.USAGE,
                    what + " has a character that is neither a letter from A to Z nor a digit or sign: check the"
                            + " options, the KEYSWEEP_ variables and the context");
        }
    }

    /** Creates a client that waits at most two seconds for a connection and for an answer. */
    static ServiceClient withShortTimeouts(ServiceAccess access, InstantSource clock) {
        return new ServiceClient(access, clock, SHORT_TIMEOUT, SHORT_TIMEOUT);
    }

    /** Registers an instance ({@code POST /api/v1/instances}). */
    public InstanceView register(InstanceRegistration registration) throws InterruptedException {
        return call("POST", "/api/v1/instances", registration, InstanceView.class);
    }

    /**
     * Creates a scan with the pace and timeout of the service's settings ({@code POST …/scan-expire-keys-task} of the
     * DCS API).
     */
    public CreatedScan createScan(String instanceId) throws InterruptedException {
        return post(dcsPath(instanceId) + "/scan-expire-keys-task", CreatedScan.class);
    }

    /** Returns the scan records of an instance ({@code GET …/auto-expire/histories} of the DCS API). */
    public ScanHistory history(String instanceId) throws InterruptedException {
        return get(dcsPath(instanceId) + "/auto-expire/histories", ScanHistory.class);
    }

    /** Returns a scan ({@code GET /api/v1/scans/{id}}). */
    public ScanView scan(String scanId) throws InterruptedException {
        return get("/api/v1/scans/" + segment(scanId), ScanView.class);
    }

    /** Closes the client's connections and aborts requests that wait for an answer. */
    @Override
    public void close() {
        connection.close();
    }

    private String dcsPath(String instanceId) {
        return "/v2/" + segment(access.projectId()) + "/instances/" + segment(instanceId);
    }

    /** Encodes text as one segment of a URL path, in which slashes, spaces and question marks are escaped. */
    static String segment(String text) {
        // URLEncoder is for forms, where + is a space; a path needs %20.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Returns the {@code If-Match} header for a version, for example {@code "3"}, or no header if the version is null.
     */
    static Map<String, String> ifMatch(@Nullable Integer version) {
        return version == null ? Map.of() : Map.of("If-Match", "\"" + version + "\"");
    }

    /** Sends a {@code GET} request, see {@link #call(String, String, Object, Class)}. */
    <T> T get(String path, Class<T> answerType) throws InterruptedException {
        return call("GET", path, NO_BODY, answerType);
    }

    /** Sends a {@code POST} request without a body, see {@link #call(String, String, Object, Class)}. */
    <T> T post(String path, Class<T> answerType) throws InterruptedException {
        return call("POST", path, NO_BODY, answerType);
    }

    /**
     * Sends a request and returns its answer.
     *
     * @param path path of the URL with its query, whose segments are encoded already
     * @param body object that is sent as JSON, or null for a request without a body
     * @param answerType class into which the JSON of the answer is converted
     */
    <T> T call(String method, String path, @Nullable Object body, Class<T> answerType) throws InterruptedException {
        return call(method, path, body, answerType, Map.of(), answerTimeout);
    }

    /** Sends a request with additional headers, see {@link #call(String, String, Object, Class)}. */
    <T> T call(String method, String path, @Nullable Object body, Class<T> answerType, Map<String, String> headers)
            throws InterruptedException {
        return call(method, path, body, answerType, headers, answerTimeout);
    }

    /**
     * Sends a request whose answer may take up to {@code timeout}, see {@link #call(String, String, Object, Class)}.
     */
    <T> T call(String method, String path, @Nullable Object body, Class<T> answerType, Duration timeout)
            throws InterruptedException {
        return call(method, path, body, answerType, Map.of(), timeout);
    }

    /** Sends a request without a body, and returns the answer as text. Waits at most 60 s for the answer. */
    String text(String method, String path) throws InterruptedException {
        return send(method, path, NO_BODY, Map.of(), ANSWER_TIMEOUT);
    }

    /**
     * Requests a token for a user's name and password, and returns it. This client does not send the token; see {@link
     * #signIn}.
     */
    String token(String user, String password) throws InterruptedException {
        return token(signInAnswer(user, password));
    }

    /**
     * Signs in as a user, for a client without an access key. Later requests of this client are requests of the user.
     *
     * @return id of the user's project
     */
    String signIn(String user, String password) throws InterruptedException {
        HttpResponse<String> answer = signInAnswer(user, password);
        token = token(answer);
        try {
            return json.readTree(answer.body()).at("/token/project/id").asString("");
        } catch (JacksonException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, notFromKeysweep(), e);
        }
    }

    private HttpResponse<String> signInAnswer(String user, String password) throws InterruptedException {
        Map<String, ?> identity = Map.of(
                "methods", List.of("password"), "password", Map.of("user", Map.of("name", user, "password", password)));
        Map<String, ?> body = Map.of("auth", Map.of("identity", identity));
        return exchange("POST", "/v3/auth/tokens", body, Map.of(), answerTimeout);
    }

    private String token(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() -> new CommandFailure(ExitCode.UNREACHABLE, notFromKeysweep()));
    }

    /** Sends a {@code POST} request with additional headers, whose answer has no body. */
    void post(String path, Object body, Map<String, String> headers) throws InterruptedException {
        send("POST", path, body, headers, answerTimeout);
    }

    /** Sends a {@code DELETE} request, whose answer has no body. */
    void delete(String path) throws InterruptedException {
        delete(path, Map.of());
    }

    /** Sends a {@code DELETE} request with additional headers. */
    void delete(String path, Map<String, String> headers) throws InterruptedException {
        send("DELETE", path, NO_BODY, headers, answerTimeout);
    }

    private <T> T call(
            String method,
            String path,
            @Nullable Object body,
            Class<T> answerType,
            Map<String, String> headers,
            Duration timeout)
            throws InterruptedException {
        String answer = send(method, path, body, headers, timeout);
        try {
            T value = json.readValue(answer, answerType);
            // The JSON library returns null for an answer that contains only null, or a node that stands for null.
            if (value != null && !(value instanceof JsonNode node && node.isNull())) {
                return value;
            }
        } catch (JacksonException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, notFromKeysweep(), e);
        }
        throw new CommandFailure(ExitCode.UNREACHABLE, notFromKeysweep());
    }

    /** Returns the error message for an answer that no Keysweep service of this version sends. */
    String notFromKeysweep() {
        return "the answer from " + access.endpoint() + " is not from a Keysweep service of this version";
    }

    /** Signs and sends a request, and returns the body of the answer; throws if the status is not 2xx. */
    private String send(
            String method, String path, @Nullable Object body, Map<String, String> moreHeaders, Duration timeout)
            throws InterruptedException {
        return exchange(method, path, body, moreHeaders, timeout).body();
    }

    /**
     * Sends a request, signed if there is an access key, and returns the answer. Throws a {@link CommandFailure} if the
     * status is not 2xx or the answer is a web page.
     */
    private HttpResponse<String> exchange(
            String method, String path, @Nullable Object body, Map<String, String> moreHeaders, Duration timeout)
            throws InterruptedException {
        URI uri = access.endpoint().resolve(path);
        byte[] bytes = body == null ? new byte[0] : json.writeValueAsBytes(body);
        Map<String, String> headers = new HashMap<>(moreHeaders);
        headers.put("Content-Type", "application/json");
        if (signer != null) {
            headers.put("X-Project-Id", access.projectId());
        }
        if (token != null) {
            headers.put("X-Auth-Token", token);
        }
        // A GET or DELETE has no body. A POST always has one, perhaps an empty one, so that it sends Content-Length.
        boolean sendsNoBody = bytes.length == 0 && !method.equals("POST");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .method(
                        method,
                        sendsNoBody
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(bytes));
        (signer == null ? headers : signer.sign(method, uri, headers, bytes)).forEach(request::setHeader);
        HttpResponse<String> response = connection.send(request.build());
        if (response.statusCode() / 100 != 2) {
            throw ServiceRefusal.of(response.statusCode(), response.body(), json);
        }
        // A proxy may answer with a page of its own, such as one to sign in. That is no success, even if the answer is
        // expected to have no body.
        if (response.headers().firstValue("Content-Type").orElse("").startsWith("text/html")) {
            throw new CommandFailure(ExitCode.UNREACHABLE, notFromKeysweep());
        }
        return response;
    }
}
