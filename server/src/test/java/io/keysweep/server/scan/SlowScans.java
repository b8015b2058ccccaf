package io.keysweep.server.scan;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.Waits;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Creates scans that are too slow to end before a test has controlled them, and controls them for a caller. */
final class SlowScans {

    /** A field of JSON with the pace of the scans. */
    static final String SLOW_PACE_FIELD = "\"rateCeiling\":50";

    private static final String FAST_PACE = "{\"profile\":\"full\",\"rateCeiling\":null,\"reason\":\"time is short\"}";

    private final TestService service;
    private final Credentials key;

    SlowScans(TestService service, Credentials key) {
        this.service = service;
        this.key = key;
    }

    /** Creates a slow scan, and returns its id. */
    String create(String instanceId) {
        return service.call(
                        key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"," + SLOW_PACE_FIELD + "}")
                .created()
                .get("id")
                .asString();
    }

    /** Requests {@code pause}, {@code resume} or {@code cancel} of a scan; an empty body gives no reason. */
    Answer control(String scanId, String verb, String body) {
        return service.call(key, "POST", path(scanId) + "/" + verb, body);
    }

    /** Makes a scan as fast as possible. */
    Answer accelerate(String scanId) {
        return service.call(key, "PATCH", path(scanId), FAST_PACE);
    }

    /** Returns a scan as the API shows it. */
    JsonNode get(String scanId) {
        return service.call(key, "GET", path(scanId), "").body();
    }

    /** Waits until a scan meets a condition, and returns it. */
    JsonNode await(String scanId, Predicate<JsonNode> condition) {
        return Waits.awaitScan("the scan changes", () -> get(scanId), condition);
    }

    /** Waits until a scan has visited its first keys. */
    void awaitProgress(String scanId) {
        await(scanId, scan -> scan.get("visited").asLong() > 0);
    }

    /** Waits until a scan has ended, and returns it. */
    JsonNode awaitEnd(String scanId) {
        return await(scanId, scan -> scan.has("finishedAt"));
    }

    /** Returns why the only sweep of a scan is on hold, or an empty text. */
    static String sweepHold(JsonNode scan) {
        return scan.get("sweeps").get(0).path("hold").asString("");
    }

    private static String path(String scanId) {
        return "/api/v1/scans/" + scanId;
    }
}
