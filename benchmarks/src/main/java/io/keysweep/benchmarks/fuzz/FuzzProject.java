package io.keysweep.benchmarks.fuzz;

import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.SignedServiceClient;
import io.keysweep.testkit.SignedServiceClient.Answer;
import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates the project that the fuzzed requests use, and restores its resources between requests.
 *
 * <p>The project has two instances, a scan that waits, a scan that has ended, and a webhook with a delivery.
 */
final class FuzzProject implements AutoCloseable {

    private static final String PROJECT = "f".repeat(31) + "1";
    private static final List<String> INSTANCES =
            List.of("f0000000-0000-4000-8000-000000000001", "f0000000-0000-4000-8000-000000000002");

    /** An instance of the administrator's project, which requests of this project must not reach. */
    private static final String INSTANCE_OF_ANOTHER = "f0000000-0000-4000-8000-000000000003";

    private final ServiceProcess service;
    private final SignedServiceClient client;
    private final String redisUri;
    private final String redisPassword;
    private final TargetValues.Key key;
    private final TargetValues.Key payloadKey;
    private final String token;

    private FuzzProject(
            ServiceProcess service,
            SignedServiceClient client,
            String redisUri,
            String redisPassword,
            TargetValues.Key key,
            TargetValues.Key payloadKey,
            String token) {
        this.service = service;
        this.client = client;
        this.redisUri = redisUri;
        this.redisPassword = redisPassword;
        this.key = key;
        this.payloadKey = payloadKey;
        this.token = token;
    }

    /** Creates the project with a key that may do everything, and an instance in the project of the administrator. */
    static FuzzProject create(ServiceProcess service, TemporaryFolder folder, String redisUri, String redisPassword)
            throws IOException, InterruptedException {
        TargetValues.Key key = readKey(service.call(
                "POST", "/api/v1/projects", "{\"name\":\"fuzz\",\"id\":\"" + PROJECT + "\",\"actions\":[\"*\"]}"));
        TargetValues.Key payloadKey = readKey(service.call(
                "POST", "/api/v1/projects/" + PROJECT + "/access-keys", "{\"actions\":[\"dcs:instance:list\"]}"));
        service.call(
                "POST", "/api/v1/instances", registration("foreign", INSTANCE_OF_ANOTHER, redisUri, redisPassword));
        Path credentials = folder.write(
                "credentials",
                "project_id=" + PROJECT + "\naccess_key=" + key.accessKey() + "\nsecret_key=" + key.secretKey() + "\n");
        SignedServiceClient client = new SignedServiceClient(credentials, Duration.ofMinutes(1));
        return new FuzzProject(
                service, client, redisUri, redisPassword, key, payloadKey, client.token(service.endpoint()));
    }

    private static TargetValues.Key readKey(JsonNode created) {
        return new TargetValues.Key(
                created.path("accessKey").asString(), created.path("secretKey").asString());
    }

    /** Returns the body of a request that registers an instance. */
    private static String registration(String name, String id, String uri, String password) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("name", name)
                .put("id", id)
                .put("uri", uri)
                .put("password", password)
                .toString();
    }

    /**
     * Returns the original connection settings of an instance, to undo what requests have changed.
     */
    private String connectionSettings() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("uri", redisUri)
                .put("password", redisPassword)
                .putNull("username")
                .putNull("nodeMap")
                .toString();
    }

    /** Returns the key that signs requests. */
    TargetValues.Key key() {
        return key;
    }

    /** Returns a second key, whose id and secret appear as values in requests. */
    TargetValues.Key payloadKey() {
        return payloadKey;
    }

    /** Returns a token of the key that signs requests. */
    String token() {
        return token;
    }

    /** Sends a signed request of the project. */
    Answer call(String method, String path, String body) throws IOException, InterruptedException {
        return client.send(service.endpoint(), method, path, body, Map.of());
    }

    /** Restores the project's usual state, and returns the ids of its resources by the path segment before the id. */
    Map<String, List<String>> restore() throws IOException, InterruptedException {
        removeCreatedResources();
        for (String instance : INSTANCES) {
            if (call("GET", "/api/v1/instances/" + instance, "").status() == 404) {
                call("POST", "/api/v1/instances", registration("i" + instance, instance, redisUri, redisPassword));
            } else {
                call("PATCH", "/api/v1/instances/" + instance, connectionSettings());
            }
        }
        String webhook = findOrCreate("/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:1/hook\"}");
        call("POST", "/api/v1/webhooks/" + webhook + "/test", "");
        JsonNode deliveries = call("GET", "/api/v1/webhooks/" + webhook + "/deliveries?limit=1", "")
                .body();
        JsonNode projects = service.call("GET", "/api/v1/projects", "");
        // Requests choose one of the ids at random, so an id that is listed twice is chosen more often.
        Map<String, List<String>> ids = new TreeMap<>();
        ids.put("v2", List.of(PROJECT));
        ids.put(
                "projects",
                List.of(PROJECT, PROJECT, projects.path(0).path("id").asString(PROJECT)));
        ids.put("instances", List.of(INSTANCES.get(0), INSTANCES.get(0), INSTANCES.get(1), INSTANCE_OF_ANOTHER));
        // The key that signs is left out, because a request that rotates it without an overlap would make it useless.
        ids.put("access-keys", List.of(disposableKey(), payloadKey.accessKey().toLowerCase(Locale.ROOT)));
        ids.put("access-policies", List.of("viewer", "fuzzed"));
        ids.put("users", List.of("fuzzed"));
        ids.put("webhooks", List.of(webhook));
        ids.put("deliveries", List.of(deliveries.path(0).path("id").asString(webhook)));
        ids.put("scans", createScans());
        return ids;
    }

    /** Removes the projects, instances, webhooks, access keys, users and policies that requests have created. */
    private void removeCreatedResources() throws IOException, InterruptedException {
        for (JsonNode instance : call("GET", "/api/v1/instances", "").body()) {
            String id = instance.path("id").asString("");
            if (!INSTANCES.contains(id)) {
                call("DELETE", "/api/v1/instances/" + id, "");
            }
        }
        // The first webhook is kept.
        int webhooksSoFar = 0;
        for (JsonNode webhook : call("GET", "/api/v1/webhooks", "").body()) {
            if (webhooksSoFar++ > 0) {
                call("DELETE", "/api/v1/webhooks/" + webhook.path("id").asString(""), "");
            }
        }
        String keys = "/api/v1/projects/" + PROJECT + "/access-keys";
        for (JsonNode each : call("GET", keys, "").body()) {
            String id = each.path("accessKey").asString("");
            if (!id.equals(key.accessKey()) && !id.equals(payloadKey.accessKey())) {
                call("DELETE", keys + "/" + id, "");
            }
        }
        for (String kind : List.of("users", "access-policies")) {
            String path = "/api/v1/projects/" + PROJECT + "/" + kind;
            for (JsonNode each : call("GET", path, "").body()) {
                if (!each.path("builtIn").asBoolean(false)) {
                    call("DELETE", path + "/" + each.path("name").asString(""), "");
                }
            }
        }
        for (JsonNode each : service.call("GET", "/api/v1/projects", "")) {
            String id = each.path("id").asString("");
            if (!id.equals(PROJECT)) {
                // This includes the administrator's own project, because the service refuses that request anyway.
                service.call("DELETE", "/api/v1/projects/" + id, "");
            }
        }
    }

    /** Returns the id of the first resource of a list; creates one if the list is empty. */
    private String findOrCreate(String path, String body) throws IOException, InterruptedException {
        JsonNode list = call("GET", path, "").body();
        return (list.isEmpty() ? call("POST", path, body).body() : list.path(0))
                .path("id")
                .asString("");
    }

    /** Creates an access key that requests may withdraw. */
    private String disposableKey() throws IOException, InterruptedException {
        return call("POST", "/api/v1/projects/" + PROJECT + "/access-keys", "{\"actions\":[\"dcs:instance:get\"]}")
                .body()
                .path("accessKey")
                .asString("");
    }

    /** Creates two scans, cancels the second, and returns the ids of a scan that waits and of one that has ended. */
    private List<String> createScans() throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        call("POST", "/api/v1/scans", "{\"instanceId\":\"" + INSTANCES.getFirst() + "\"}");
        JsonNode createdScan = call("POST", "/api/v1/scans", "{\"instanceId\":\"" + INSTANCES.get(1) + "\"}")
                .body();
        if (createdScan.has("id")) {
            call("POST", "/api/v1/scans/" + createdScan.path("id").asString() + "/cancel", "");
        }
        // No worker runs, so the first scan waits. The second is cancelled and therefore failed.
        for (String status : List.of("waiting", "failed")) {
            JsonNode page =
                    call("GET", "/api/v1/scans?limit=1&status=" + status, "").body();
            if (page.path("scans").has(0)) {
                ids.add(page.path("scans").path(0).path("id").asString());
            }
        }
        return List.copyOf(ids);
    }

    @Override
    public void close() {
        client.close();
    }
}
