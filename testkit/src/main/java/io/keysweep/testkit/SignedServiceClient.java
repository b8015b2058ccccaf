package io.keysweep.testkit;

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
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the API of a Keysweep service with the access key in a credentials file.
 *
 * <p>A client can call any process of the service, by the URL in each call. In paths, {@code {project}} stands for the
 * id of the access key's project. A call returns the answer whatever its status. Safe to share between threads.
 */
public final class SignedServiceClient implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Properties credentials = new Properties();
    private final RequestSigner signer;
    private final Duration timeout;

    /**
     * Contains the service's response to a request.
     *
     * @param status the HTTP status, for example 200
     * @param body the JSON body, or a missing node if there is none
     */
    public record Answer(int status, JsonNode body) {}

    /**
     * Creates a client.
     *
     * @param credentials the file {@code credentials} that the service wrote to its home folder at its first start
     * @param timeout the time limit of each request
     * @throws IOException if the file cannot be read
     */
    public SignedServiceClient(Path credentials, Duration timeout) throws IOException {
        try (InputStream file = Files.newInputStream(credentials)) {
            this.credentials.load(file);
        }
        this.signer = new RequestSigner(
                this.credentials.getProperty("access_key"),
                this.credentials.getProperty("secret_key"),
                InstantSource.system());
        this.timeout = timeout;
    }

    /**
     * Sends a signed request.
     *
     * @param endpoint the URL at which a process listens, for example {@code http://127.0.0.1:8080}
     * @param method the HTTP method, for example {@code GET}
     * @param path the path, in which {@code {project}} is replaced by the project's id
     * @param body the JSON body; empty for none
     * @param headers additional headers, which are signed as well
     * @throws IOException if no answer arrives in time
     */
    public Answer send(String endpoint, String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        URI uri = uri(endpoint, path);
        Map<String, String> allHeaders = new TreeMap<>(headers);
        allHeaders.put("Content-Type", "application/json");
        allHeaders = signer.sign(method, uri, allHeaders, body.getBytes(StandardCharsets.UTF_8));
        return answer(request(uri, allHeaders).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /**
     * Sends a request with a token instead of a signature; see {@link #send} for the parameters.
     *
     * @param token the token that {@link #token} has returned
     * @throws IOException if no answer arrives in time
     */
    public Answer sendWithToken(String endpoint, String token, String method, String path, String body)
            throws IOException, InterruptedException {
        Map<String, String> headers = Map.of("Content-Type", "application/json", "X-Auth-Token", token);
        return answer(request(uri(endpoint, path), headers).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /**
     * Opens a stream of Server-Sent Events with a signed GET request. The caller must close the stream in the response.
     *
     * @throws IOException if no answer arrives in time
     */
    public HttpResponse<InputStream> stream(String endpoint, String path) throws IOException, InterruptedException {
        URI uri = uri(endpoint, path);
        HttpRequest.Builder request = request(uri, signer.sign("GET", uri, Map.of(), new byte[0]));
        return http.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /**
     * Requests a token for the access key, and returns it.
     *
     * @throws IOException if the service returns no token, or no answer arrives in time
     */
    public String token(String endpoint) throws IOException, InterruptedException {
        String body = "{\"auth\":{\"identity\":{\"hw_ak_sk\":{\"access\":{\"key\":\""
                + credentials.getProperty("access_key") + "\"},\"secret\":{\"key\":\""
                + credentials.getProperty("secret_key") + "\"}}}}}";
        HttpRequest.Builder request =
                request(uri(endpoint, "/v3/auth/tokens"), Map.of("Content-Type", "application/json"));
        HttpResponse<Void> response = http.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.discarding());
        return response.headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() -> new IOException("No token in the answer with status " + response.statusCode()));
    }

    private URI uri(String endpoint, String path) {
        return URI.create(endpoint + path.replace("{project}", credentials.getProperty("project_id")));
    }

    private HttpRequest.Builder request(URI uri, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
        headers.forEach(request::header);
        return request;
    }

    private Answer answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }

    /** Breaks all calls and streams. */
    @Override
    public void close() {
        // close() would wait for streams that are still open.
        http.shutdownNow();
    }
}
