package io.keysweep.cli.service;

import io.keysweep.api.HoldView;
import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceView;
import io.keysweep.api.ScanPage;
import io.keysweep.api.ScanView;
import io.keysweep.api.WorkerView;
import io.keysweep.api.signature.RequestSigner;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Talks to a service with signed requests. Every answer that is not a success is a {@link CommandFailure}. */
public final class ServiceClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final ServiceAccess access;
    private final RequestSigner signer;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http = HttpClient.newBuilder()
            // The signature covers what is sent; an upgrade to HTTP/2 in clear text would only add headers.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /** A client for that service; {@code clock} dates the signatures. */
    public ServiceClient(ServiceAccess access, InstantSource clock) {
        this.access = access;
        this.signer = new RequestSigner(access.accessKey(), access.secretKey(), clock);
    }

    /** {@code GET /api/v1/instances}. */
    public List<InstanceView> instances() throws InterruptedException {
        return List.of(read(send("GET", "/api/v1/instances", null), InstanceView[].class));
    }

    /** {@code POST /api/v1/instances}. */
    public InstanceView register(InstanceRegistration registration) throws InterruptedException {
        return read(send("POST", "/api/v1/instances", registration), InstanceView.class);
    }

    /** {@code DELETE /api/v1/instances/{id}}. */
    public void remove(String instanceId) throws InterruptedException {
        send("DELETE", "/api/v1/instances/" + segment(instanceId), null);
    }

    /** {@code POST …/scan-expire-keys-task} of the DCS API. */
    public CreatedScan createScan(String instanceId) throws InterruptedException {
        return read(send("POST", dcs(instanceId) + "/scan-expire-keys-task", null), CreatedScan.class);
    }

    /** {@code POST /api/v1/scans} with options: a pace, a timeout. */
    public CreatedScan createScan(String instanceId, Map<String, @Nullable Object> options)
            throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>(options);
        body.put("instanceId", instanceId);
        return read(send("POST", "/api/v1/scans", body), CreatedScan.class);
    }

    /** {@code GET …/auto-expire/histories} of the DCS API. */
    public ScanHistory history(String instanceId) throws InterruptedException {
        return read(send("GET", dcs(instanceId) + "/auto-expire/histories", null), ScanHistory.class);
    }

    /** {@code GET /api/v1/scans/{id}}. */
    public ScanView scan(String scanId) throws InterruptedException {
        return read(send("GET", "/api/v1/scans/" + segment(scanId), null), ScanView.class);
    }

    /** {@code GET /api/v1/scans} with those parameters. */
    public ScanPage scans(Map<String, String> query) throws InterruptedException {
        String parameters = query.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + segment(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return read(send("GET", "/api/v1/scans?" + parameters, null), ScanPage.class);
    }

    /** {@code POST /api/v1/scans/{id}/VERB}: {@code pause}, {@code resume} or {@code cancel}. */
    public ScanView order(String scanId, String verb, @Nullable String reason) throws InterruptedException {
        return read(send("POST", "/api/v1/scans/" + segment(scanId) + "/" + verb, because(reason)), ScanView.class);
    }

    /** {@code PATCH /api/v1/scans/{id}}. */
    public ScanView tune(String scanId, Map<String, @Nullable Object> pace, @Nullable String reason)
            throws InterruptedException {
        Map<String, @Nullable Object> body = new HashMap<>(pace);
        body.putAll(because(reason));
        return read(send("PATCH", "/api/v1/scans/" + segment(scanId), body), ScanView.class);
    }

    /** {@code PUT …/hold} of one project, or of everything. */
    public HoldView hold(@Nullable String projectId, @Nullable String reason) throws InterruptedException {
        return read(send("PUT", holdPath(projectId), because(reason)), HoldView.class);
    }

    /** {@code DELETE …/hold} of one project, or of everything. */
    public void release(@Nullable String projectId) throws InterruptedException {
        send("DELETE", holdPath(projectId), null);
    }

    /** {@code GET /api/v1/holds}. */
    public List<HoldView> holds() throws InterruptedException {
        return List.of(read(send("GET", "/api/v1/holds", null), HoldView[].class));
    }

    /** {@code GET /api/v1/workers}. */
    public List<WorkerView> workers() throws InterruptedException {
        return List.of(read(send("GET", "/api/v1/workers", null), WorkerView[].class));
    }

    private static String holdPath(@Nullable String projectId) {
        return projectId == null ? "/api/v1/hold" : "/api/v1/projects/" + segment(projectId) + "/hold";
    }

    private static Map<String, String> because(@Nullable String reason) {
        return reason == null ? Map.of() : Map.of("reason", reason);
    }

    /** Ends the client's connections, and requests that are under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    private String dcs(String instanceId) {
        return "/v2/" + segment(access.projectId()) + "/instances/" + segment(instanceId);
    }

    /** A part of a path, whatever is in it. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Any request whose answer is of that type. */
    <T> T ask(String method, String path, @Nullable Object body, Class<T> answer) throws InterruptedException {
        return read(send(method, path, body), answer);
    }

    /** The same for what takes longer, or is to change only what has that version ({@code If-Match}). */
    <T> T ask(
            String method,
            String path,
            @Nullable Object body,
            Class<T> answer,
            Map<String, String> headers,
            Duration timeout)
            throws InterruptedException {
        return read(send(method, path, body, headers, timeout), answer);
    }

    /** Any request without an answer. */
    void tell(String method, String path) throws InterruptedException {
        send(method, path, null);
    }

    /** The same that is to change only what has that version ({@code If-Match}). */
    void tell(String method, String path, Map<String, String> headers) throws InterruptedException {
        send(method, path, null, headers, ANSWER_TIMEOUT);
    }

    private String send(String method, String path, @Nullable Object body) throws InterruptedException {
        return send(method, path, body, Map.of(), ANSWER_TIMEOUT);
    }

    private String send(String method, String path, @Nullable Object body, Map<String, String> more, Duration timeout)
            throws InterruptedException {
        URI uri = access.endpoint().resolve(path);
        byte[] bytes = body == null ? new byte[0] : json.writeValueAsBytes(body);
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Content-Type", "application/json");
        headers.put("X-Project-Id", access.projectId());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .method(
                        method,
                        bytes.length == 0 && !method.equals("POST")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(bytes));
        signer.sign(method, uri, headers, bytes).forEach(request::setHeader);
        HttpResponse<String> response = exchange(request.build());
        if (response.statusCode() / 100 != 2) {
            throw ServiceRefusal.of(response.statusCode(), response.body(), json);
        }
        return response.body();
    }

    private HttpResponse<String> exchange(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "no answer from the service at " + access.endpoint() + ": "
                            + (e instanceof ConnectException ? "nothing listens there" : e)
                            + ". Is it running ('keysweep server')?",
                    e);
        }
    }

    private <T> T read(String body, Class<T> type) {
        try {
            return json.readValue(body, type);
        } catch (JacksonException e) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "the answer from " + access.endpoint() + " is not one of a Keysweep service of this version",
                    e);
        }
    }
}
