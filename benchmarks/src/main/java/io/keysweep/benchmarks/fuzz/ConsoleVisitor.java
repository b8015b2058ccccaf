package io.keysweep.benchmarks.fuzz;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Signs in to the web console and follows its links, to find its pages and forms. Not safe to share between threads.
 */
final class ConsoleVisitor {

    private static final String SIGN_IN = "/console/sign-in";

    /** The number of pages after which the search for links ends. */
    private static final int MAX_PAGES = 60;

    /** Finds the token against forged requests, which each form contains. */
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    /** Finds the links within the console, including the links to parts that a page loads later. */
    private static final Pattern LINK = Pattern.compile("(?:href|hx-get)=\"(/console[^\"#]*)\"");

    private final HttpClient http;
    private final String endpoint;
    private final TargetValues.Key key;
    private final Map<String, String> cookies = new TreeMap<>();
    private String formToken = "";

    ConsoleVisitor(HttpClient http, String endpoint, TargetValues.Key key) {
        this.http = http;
        this.endpoint = endpoint;
        this.key = key;
    }

    /** Returns the cookies of the session as a header's value. */
    String cookies() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /** Returns the token that forms of this session must contain. */
    String formToken() {
        return formToken;
    }

    /**
     * Signs in, if there is no session yet or it has ended.
     *
     * @throws IOException if the service refuses the key
     */
    void signIn() throws IOException, InterruptedException {
        if (!cookies.isEmpty() && get("/console").statusCode() == 200) {
            return;
        }
        cookies.clear();
        Matcher token = TOKEN.matcher(get(SIGN_IN).body());
        if (!token.find()) {
            throw new IOException("The sign-in page has no form");
        }
        formToken = token.group(1);
        String form = "accessKey=" + key.accessKey() + "&secretKey="
                + URLEncoder.encode(key.secretKey(), StandardCharsets.UTF_8) + "&_csrf="
                + URLEncoder.encode(formToken, StandardCharsets.UTF_8);
        HttpResponse<String> response = send(request(SIGN_IN)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        if (response.statusCode() != 302) {
            throw new IOException("The console refuses the key with status " + response.statusCode());
        }
    }

    /** Returns an operation for each page and each form that can be reached by links. */
    Collection<FuzzedOperation> operations() throws IOException, InterruptedException {
        Map<String, FuzzedOperation> operations = new LinkedHashMap<>();
        Deque<String> pathsToVisit = new ArrayDeque<>(List.of("/console", SIGN_IN));
        Set<String> knownPaths = new HashSet<>(pathsToVisit);
        for (int pages = 0; pages < MAX_PAGES && !pathsToVisit.isEmpty(); pages++) {
            String path = pathsToVisit.removeFirst();
            String page = get(path).body();
            FuzzedOperation pageOperation = FormReader.page(path);
            operations.putIfAbsent(pageOperation.toString(), pageOperation);
            FormReader.forms(page).forEach(form -> operations.putIfAbsent(form.toString(), form));
            LINK.matcher(page)
                    .results()
                    .map(link -> link.group(1).replace("&amp;", "&"))
                    .filter(knownPaths::add)
                    .forEach(pathsToVisit::addLast);
        }
        return operations.values();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Returns a request with the cookies of the console so far. */
    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(Duration.ofMinutes(1));
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookies());
        }
        return request;
    }

    /** Sends a request, and keeps the cookies of the answer. */
    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        for (String cookie : response.headers().allValues("Set-Cookie")) {
            String[] pair = cookie.split("[=;]", 3);
            cookies.put(pair[0], pair[1]);
        }
        return response;
    }
}
