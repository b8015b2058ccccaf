package io.keysweep.server.assist;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.Waits;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Sends requests about instances that allow assist and about their scans, signed by a caller. */
final class AssistRequests {

    private final TestService service;
    private final Credentials key;

    AssistRequests(TestService service, Credentials key) {
        this.service = service;
        this.key = key;
    }

    /** Registers an instance, which by default does not allow assist, and returns its id. */
    String register(String uri) {
        return service.register(key, "assist-" + UUID.randomUUID(), uri);
    }

    /** Makes an instance allow assist. */
    void allowAssist(String instanceId) {
        Answer allowed = service.call(key, "PATCH", "/api/v1/instances/" + instanceId, "{\"assist\":true}");
        if (!allowed.body().get("assist").asBoolean()) {
            throw new AssertionError(allowed.response().body());
        }
    }

    /** Requests a scan; {@code fields} has further fields of the request, each after a comma. */
    Answer create(String instanceId, String fields) {
        return service.call(
                key,
                "POST",
                "/api/v1/scans",
                "{\"instanceId\":\"" + instanceId + "\",\"profile\":\"full\"" + fields + "}");
    }

    static String scanPath(JsonNode scan) {
        return "/api/v1/scans/" + scan.get("id").asString();
    }

    /** Waits until a scan meets a condition, and returns it. */
    JsonNode await(JsonNode scan, Predicate<JsonNode> condition) {
        return Waits.awaitScan(
                "the scan changes",
                () -> service.call(key, "GET", scanPath(scan), "").body(),
                condition);
    }

    /** Waits until a scan has ended, and returns it. */
    JsonNode awaitEnd(JsonNode scan) {
        return await(scan, now -> now.has("finishedAt"));
    }
}
