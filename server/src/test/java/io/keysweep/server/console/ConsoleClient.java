package io.keysweep.server.console;

import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.ClientTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sends requests to the console without a browser. It keeps cookies, and sends all of them with each request. */
public final class ConsoleClient {

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final HttpClient http;
    private final String endpoint;
    private final Map<String, String> cookies;

    /** Contains a response. The client does not follow redirects. */
    public record Answer(HttpResponse<String> response) {

        /** Returns the HTTP status. */
        public int status() {
            return response.statusCode();
        }

        /** Returns the page. */
        public String body() {
            return response.body();
        }

        /** Returns the first value of a header, or an empty text. */
        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** Creates a client without cookies for the service at an address. */
    public ConsoleClient(String endpoint) {
        this(endpoint, Map.of());
    }

    private ConsoleClient(String endpoint, Map<String, String> cookies) {
        this(endpoint, cookies, HttpClient.newBuilder());
    }

    /** Creates a client with the cookies of another one. */
    public static ConsoleClient withCookies(String endpoint, Map<String, String> cookies) {
        return new ConsoleClient(endpoint, cookies);
    }

    /** Creates a client without cookies for a service that speaks TLS. */
    public ConsoleClient(String endpoint, ClientTls tls) {
        this(endpoint, Map.of(), HttpClient.newBuilder().sslContext(tls.context()));
    }

    private ConsoleClient(String endpoint, Map<String, String> cookies, HttpClient.Builder http) {
        this.endpoint = endpoint;
        this.cookies = new TreeMap<>(cookies);
        this.http = http.version(HttpClient.Version.HTTP_1_1).build();
    }

    /** Returns the cookies that the service has set. */
    public Map<String, String> cookies() {
        return Map.copyOf(cookies);
    }

    /** Fills in the sign-in form and submits it. */
    public Answer signIn(Credentials key) {
        return signIn(key, "");
    }

    /** Signs in like {@link #signIn(Credentials)}, with the path of the page that follows. */
    public Answer signIn(Credentials key, String to) {
        return submit(
                "/console/sign-in",
                "/console/sign-in",
                Map.of("accessKey", key.accessKey(), "secretKey", key.secretKey(), "to", to));
    }

    /** Loads a page and submits a form with the page's token against cross-site request forgery. */
    public Answer submit(String page, String action, Map<String, String> fields) {
        return submit(page, action, fields, Map.of());
    }

    /** Loads a page and submits a form like {@link #submit(String, String, Map)}, with further headers. */
    public Answer submit(String page, String action, Map<String, String> fields, Map<String, String> headers) {
        Matcher token = TOKEN.matcher(get(page).body());
        if (!token.find()) {
            throw new IllegalStateException("no form on " + page);
        }
        Map<String, String> allFields = new HashMap<>(fields);
        allFields.put("_csrf", token.group(1));
        return post(
                action,
                allFields.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")),
                headers);
    }

    /** Loads a page. */
    public Answer get(String path) {
        return get(path, Map.of());
    }

    /** Loads a page with further headers in the request. */
    public Answer get(String path, Map<String, String> headers) {
        return send(request(path, headers).GET());
    }

    /** Submits an encoded form as it is, without a token against cross-site request forgery. */
    public Answer post(String path, String form) {
        return post(path, form, Map.of());
    }

    private Answer post(String path, String form, Map<String, String> headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /** Prepares a request with the cookies of this browser. */
    private HttpRequest.Builder request(String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(Duration.ofSeconds(60));
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    /** Sends a request, and stores the cookies that the answer sets. */
    private Answer send(HttpRequest.Builder request) {
        try {
            Answer answer = new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
            for (String cookie : answer.response().headers().allValues("Set-Cookie")) {
                String pair = cookie.substring(0, cookie.indexOf(';'));
                cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
