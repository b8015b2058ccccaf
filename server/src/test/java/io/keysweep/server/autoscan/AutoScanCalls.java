package io.keysweep.server.autoscan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Calls the APIs of automatic scans for one instance of a service.
 *
 * @param key access key of the instance's project
 */
record AutoScanCalls(TestService service, Credentials key, String instanceId) {

    /** Registers a server as the only instance of a new project. */
    static AutoScanCalls register(TestService service, RedisServer server) {
        return register(service, server.uri());
    }

    /** Registers the server at a URI as the only instance of a new project. */
    static AutoScanCalls register(TestService service, String uri) {
        Credentials key = service.project("project-" + UUID.randomUUID());
        return new AutoScanCalls(service, key, service.register(key, "auto", uri));
    }

    /** Sends a request of the project's access key. */
    Answer call(String method, String path, String body) {
        return service.call(key, method, path, body);
    }

    /** Sets the start policy of the instance. */
    void setStartPolicy(String document) {
        Answer answer = call("PUT", "/api/v1/instances/" + instanceId + "/start-policy", document);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }

    /** Allows assist, and sets the timeout of automatic scans, without a schedule. */
    void allowAssistWithTimeout(int timeoutSeconds) {
        Answer allowed = call("PATCH", "/api/v1/instances/" + instanceId, "{\"assist\":true}");
        assertThat(allowed.status()).as(allowed.response().body()).isEqualTo(200);
        Answer set = call("PUT", configPath(), "{\"enable_auto_scan\":false,\"timeout\":" + timeoutSeconds + "}");
        assertThat(set.status()).as(set.response().body()).isEqualTo(200);
    }

    /**
     * Creates a webhook for the event {@code threshold.passed}, at an address where no server listens.
     *
     * @return the path of its deliveries
     */
    String createWebhook() {
        return createWebhook("threshold.passed");
    }

    /** Creates a webhook for one event at an address where no server listens. Returns the path of its deliveries. */
    String createWebhook(String event) {
        return "/api/v1/webhooks/"
                + call("POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"" + event + "\"]}")
                        .id()
                + "/deliveries";
    }

    /**
     * Enables the schedule, and returns its first start, which is 4 s after the request.
     *
     * <p>On a busy machine, the first start can be in the past when the service receives the request. The service then
     * refuses the request, and this method sends another one.
     *
     * @param intervalSeconds time between two starts; 0 for a single start
     * @param timeoutSeconds timeout of each scan
     * @param scanKeysCount {@code scan_keys_count}, 10 to 1000
     */
    Instant enable(int intervalSeconds, int timeoutSeconds, int scanKeysCount) {
        while (true) {
            Instant firstStart = InstantSource.system().instant().plusSeconds(4).truncatedTo(ChronoUnit.MILLIS);
            String body = "{\"enable_auto_scan\":true,\"first_scan_at\":\"" + firstStart + "\",\"interval\":"
                    + intervalSeconds
                    + ",\"timeout\":" + timeoutSeconds + ",\"scan_keys_count\":" + scanKeysCount + "}";
            Answer answer = call("PUT", configPath(), body);
            boolean hasPassed = !InstantSource.system().instant().isBefore(firstStart);
            if (!hasPassed || !answer.errorCode().equals("DCS.4819")) {
                assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
                return firstStart;
            }
        }
    }

    /** Disables the schedule. */
    void disable() {
        call("PUT", configPath(), "{\"enable_auto_scan\":false}");
    }

    private String configPath() {
        return "/v2/" + key.projectId() + "/instances/" + instanceId + "/scan-expire-keys/autoscan-config";
    }

    /** Returns the starts of the instance, the latest first. */
    JsonNode starts() {
        return call("GET", "/api/v1/instances/" + instanceId + "/starts", "").body();
    }

    /** Waits until the starts of the instance fulfil a condition, and returns them. */
    JsonNode awaitStarts(Predicate<JsonNode> condition) {
        return await("the starts are as expected").until(() -> starts(), condition);
    }

    /** Waits until the scans of the instance, as the DCS API lists them, fulfil a condition, and returns them. */
    JsonNode awaitRecords(Predicate<JsonNode> condition) {
        String path = "/v2/" + key.projectId() + "/instances/" + instanceId + "/auto-expire/histories?limit=100";
        return await("the scans are as expected")
                .until(() -> call("GET", path, "").body(), condition);
    }
}
