package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Sends requests to {@code /api/v1/scans} of a service, signed by a caller. */
final class ScanRequests {

    private final TestService service;

    ScanRequests(TestService service) {
        this.service = service;
    }

    /**
     * Checks that an answer is a problem document with this code and its status, and that its detail begins with this
     * text.
     */
    static void assertProblem(Answer answer, ErrorCode code, String detail) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(code.status());
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().get("code").asString()).isEqualTo(code.code());
        assertThat(answer.body().get("type").asString()).isEqualTo("urn:keysweep:" + code.code());
        assertThat(answer.body().path("detail").asString("")).startsWith(detail);
    }

    /** Returns the body that creates a scan of an instance without options. */
    static String body(String instanceId) {
        return "{\"instanceId\":\"" + instanceId + "\"}";
    }

    /** Creates a scan. */
    Answer create(Credentials caller, String body, @Nullable String idempotencyKey) {
        return send(caller, "POST", "/api/v1/scans", body, "Idempotency-Key", idempotencyKey);
    }

    /** Changes the pace of a scan. */
    Answer changePace(Credentials caller, String path, String body, @Nullable String ifMatch) {
        return send(caller, "PATCH", path, body, "If-Match", ifMatch);
    }

    private Answer send(
            Credentials caller, String method, String path, String body, String header, @Nullable String value) {
        return service.call(caller, method, path, body, value == null ? Map.of() : Map.of(header, value));
    }

    /** Lists scans by a query string, and returns the page. */
    JsonNode list(Credentials caller, String query) {
        return service.call(caller, "GET", "/api/v1/scans?" + query, "").body();
    }

    /** Returns the ids of the scans of a page. */
    static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.get("scans").forEach(scan -> ids.add(scan.get("id").asString()));
        return ids;
    }

    /** Waits until the scan has ended, and returns its id. */
    String awaitEnd(Credentials caller, Answer created) {
        String id = created.id();
        await("the scan ends")
                .until(() -> service.call(caller, "GET", "/api/v1/scans/" + id, "")
                        .body()
                        .has("finishedAt"));
        return id;
    }
}
