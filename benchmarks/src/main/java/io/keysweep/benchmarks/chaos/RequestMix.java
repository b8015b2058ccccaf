package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.Service;
import io.keysweep.testkit.SignedServiceClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.MissingNode;

/**
 * Sends the random API calls of {@link LoadRun}.
 *
 * <p>Each kind of call has a weight: a kind with the weight 20 is sent twice as often as one with 10.
 * {@link FailoverClient} records the calls and sends them to another process if one does not answer. Safe to share
 * between threads.
 */
final class RequestMix {

    /** The end of the body that creates a scan, with a rate ceiling in keys per second. */
    private static final String RATE_CEILING_FIELD = ",\"rateCeiling\":5000}";

    /** The body of a request that has none. */
    private static final String NO_BODY = "";

    private final Service service;
    private final FailoverClient caller;
    private final List<String> instances;
    private final CreatedScans created;
    private final AtomicLong requestNumber = new AtomicLong();

    /** The kinds of calls. Each occurs as many times as its weight, so a random element respects the weights. */
    private final List<Request> requests = new ArrayList<>();

    /**
     * The token for calls of the DCS API (the API of Huawei Cloud's Distributed Cache Service); empty until the first
     * of these calls.
     */
    private volatile String token = "";

    /** Sends one kind of call. */
    @FunctionalInterface
    private interface Request {
        void send(Random random) throws InterruptedException;
    }

    RequestMix(Service service, FailoverClient caller, List<String> instances, CreatedScans created) {
        this.service = service;
        this.caller = caller;
        this.instances = instances;
        this.created = created;
        add(20, this::create);
        add(6, this::createByDcs);
        add(10, random -> get("scans: list", "/api/v1/scans?limit=20"));
        add(12, random -> get("scan: get", "/api/v1/scans/" + created.anyRecent()));
        add(4, random -> get("scan: holds", "/api/v1/scans/" + created.anyRecent() + "/holds"));
        add(6, random -> post("scan: pause", "/api/v1/scans/" + created.anyRecent() + "/pause"));
        add(10, random -> post("scan: resume", "/api/v1/scans/" + created.anyRecent() + "/resume"));
        add(2, random -> post("scan: cancel", "/api/v1/scans/" + created.anyRecent() + "/cancel"));
        add(4, random -> send("scan: tune", "PATCH", "/api/v1/scans/" + created.anyRecent(), "{\"rateCeiling\":9000}"));
        add(4, random -> openEventStream(created.anyRecent()));
        add(4, random -> get("workers: list", "/api/v1/workers"));
        add(3, random -> get("instances: list", "/api/v1/instances"));
        add(3, random -> get("starts: list", "/api/v1/instances/" + anyInstance(random) + "/starts"));
        add(2, random -> send("estimate: make", "POST", estimatesPath(random), "{\"samplePrimary\":true}"));
        add(2, random -> get("estimate: last", estimatesPath(random)));
        add(2, random -> send("windows: set", "PUT", windowsPath(random), "{\"spreadMinutes\":5}"));
        add(2, random -> send("windows: remove", "DELETE", windowsPath(random), NO_BODY));
        add(3, random -> get("windows: get", windowsPath(random)));
        add(2, random -> send("budget: set", "PUT", "/api/v1/projects/{project}/budget", "{\"sweeps\":12}"));
        add(1, random -> send("budget: remove", "DELETE", "/api/v1/projects/{project}/budget", NO_BODY));
        add(1, random -> get("holds: list", "/api/v1/holds"));
        add(5, random -> getWithToken("DCS instances (token)", "/v2/{project}/instances?limit=20"));
        add(
                5,
                random -> getWithToken(
                        "DCS histories (token)",
                        "/v2/{project}/instances/" + anyInstance(random) + "/auto-expire/histories"));
        add(
                3,
                random -> get(
                        "DCS autoscan-config",
                        "/v2/{project}/instances/" + anyInstance(random) + "/scan-expire-keys/autoscan-config"));
    }

    /** Adds a kind of call as often as its weight says. */
    private void add(int weight, Request request) {
        for (int i = 0; i < weight; i++) {
            requests.add(request);
        }
    }

    /** Sends one random call. */
    void call(Random random) throws InterruptedException {
        requests.get(random.nextInt(requests.size())).send(random);
    }

    /**
     * Repeats the creating request with the given idempotency key, and returns the id of the scan in the answer. The id
     * must be the same as in the first answer.
     */
    String repeat(String key) throws InterruptedException {
        return create("scan: create again", key, created.body(key))
                .body()
                .path("id")
                .asString("");
    }

    /** Creates a scan with a new idempotency key, and records the scan if the service confirms it. */
    private void create(Random random) throws InterruptedException {
        String key = "load-" + requestNumber.incrementAndGet();
        String body = "{\"instanceId\":\"" + anyInstance(random) + "\"" + RATE_CEILING_FIELD;
        Answer answer = create("scan: create", key, body);
        if (answer.status() == 201) {
            created.add(key, body, answer.body().get("id").asString());
        }
    }

    private Answer create(String kind, String key, String body) throws InterruptedException {
        return caller.call(kind, "POST", "/api/v1/scans", body, Map.of("Idempotency-Key", key));
    }

    /** Creates a scan through the DCS API, which knows no idempotency key, and records the scan. */
    private void createByDcs(Random random) throws InterruptedException {
        Answer answer = send(
                "DCS scan-expire-keys-task",
                "POST",
                "/v2/{project}/instances/" + anyInstance(random) + "/scan-expire-keys-task",
                NO_BODY);
        if (answer.status() / 100 == 2) {
            created.addWithoutKey(answer.body().get("id").asString());
        }
    }

    /** Opens the stream of events of a scan, reads its first byte, and closes the stream. */
    private void openEventStream(String scanId) throws InterruptedException {
        caller.call("scan: events", endpoint -> {
            HttpResponse<InputStream> stream = service.client().stream(endpoint, "/api/v1/scans/" + scanId + "/events");
            try (InputStream body = stream.body()) {
                if (stream.statusCode() == 200 && body.read() < 0) {
                    throw new IOException("The stream of events is empty");
                }
            }
            return new Answer(stream.statusCode(), MissingNode.getInstance());
        });
    }

    /** Sends a GET with a token instead of a signature. Callers may fetch the first token at the same time. */
    private void getWithToken(String kind, String path) throws InterruptedException {
        caller.call(kind, endpoint -> {
            if (token.isEmpty()) {
                token = service.client().token(endpoint);
            }
            return service.client().sendWithToken(endpoint, token, "GET", path, NO_BODY);
        });
    }

    private void get(String kind, String path) throws InterruptedException {
        send(kind, "GET", path, NO_BODY);
    }

    private void post(String kind, String path) throws InterruptedException {
        send(kind, "POST", path, "{\"reason\":\"load\"}");
    }

    private Answer send(String kind, String method, String path, String body) throws InterruptedException {
        return caller.call(kind, method, path, body);
    }

    private String anyInstance(Random random) {
        return instances.get(random.nextInt(instances.size()));
    }

    private String windowsPath(Random random) {
        return "/api/v1/instances/" + anyInstance(random) + "/windows";
    }

    private String estimatesPath(Random random) {
        return "/api/v1/instances/" + anyInstance(random) + "/estimates";
    }
}
