package io.keysweep.server.ceiling;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Tests that no scan is faster than the ceilings of its project, tags and instance, however it starts or changes.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. It is set for a project, a tag or an
 * instance. The base class provides a project with one instance, which has the tag env=prod, and three access keys:
 *
 * <ul>
 *   <li>{@code admin} may set ceilings of any project;
 *   <li>{@code starter} may start scans of the project but not set ceilings;
 *   <li>{@code projectAdmin} may do everything in the project.
 * </ul>
 */
class CeilingsIT extends CeilingsTesting {

    @Test
    void ceilings_areSetWithTheirPermissionOnly_andTheAuditLogHasTheChange() {
        // The team's key is not allowed to set ceilings.
        Answer denied = service.call(starter, "PUT", projectCeilings(), "{\"maxShare\":1}");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.body().get("title").asString()).contains("keysweep:ceiling:manage");
        assertThat(service.call(starter, "PUT", instanceCeilings(), "{}").status())
                .isEqualTo(403);

        // Each ceiling is shown with its owner: the project, a tag or the instance.
        setProjectCeilings("{\"maxProfile\":\"balanced\",\"maxShare\":0.4,"
                + "\"tags\":[{\"key\":\"env\",\"value\":\"prod\",\"maxShare\":0.1,\"namesStay\":true}]}");
        Answer set = setProjectCeilings("{\"maxProfile\":\"balanced\",\"maxShare\":0.3,"
                + "\"tags\":[{\"key\":\"env\",\"value\":\"prod\",\"maxShare\":0.1,\"namesStay\":true}]}");
        assertThat(inForce(set.body())).containsExactly("maxProfile balanced the project", "maxShare 0.3 the project");

        JsonNode shown = service.call(starter, "GET", instanceCeilings(), "").body();
        assertThat(shown.get("document")).isEmpty();
        assertThat(inForce(shown))
                .containsExactly(
                        "maxProfile balanced the project",
                        "maxShare 0.1 the tag env=prod",
                        "namesStay true the tag env=prod");

        // The newest entry of the audit log has the share before and after the change.
        JsonNode entries = service.call(
                        admin, "GET", "/api/v1/audit?action=setProjectCeilings&resource=" + starter.projectId(), "")
                .body()
                .get("entries");
        JsonNode change = entries.get(0).get("changes").get(0);

        assertThat(change.get("before").get("document").get("maxShare").asDouble())
                .isEqualTo(0.4);
        assertThat(change.get("after").get("document").get("maxShare").asDouble())
                .isEqualTo(0.3);
    }

    @Test
    void nativeRequest_aboveACeiling_isRefused_andOmittedFieldsGetTheCeiling() {
        setProjectCeilings("{\"maxProfile\":\"balanced\",\"maxShare\":0.2,\"maxRate\":100}");
        Answer refused = create("\"profile\":\"full\",\"share\":1.0,\"rateCeiling\":null");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.ABOVE_CEILING.code());
        assertThat(details(refused))
                .containsExactly(
                        "profile is 'full', must be at most balanced (maxProfile of the project).",
                        "share is '1.0', must be at most 0.2 (maxShare of the project).",
                        "rateCeiling is 'null', must be at most 100 (maxRate of the project).");

        // The request leaves out the share and the rate, so the scan has the share and the rate of the ceilings.
        JsonNode scan = created(create("\"profile\":\"balanced\""));
        assertThat(scan.get("pace").get("share").asDouble()).isEqualTo(0.2);
        assertThat(scan.get("pace").get("rateCeiling").asLong()).isEqualTo(100);

        String path = pause(scan);
        assertThat(ceilingEvents(path))
                .containsExactly("maxProfile balanced (the project), maxShare 0.2 (the project), maxRate 100 (the"
                        + " project)");

        // The ceilings also limit a change of the pace.
        assertThat(details(service.call(starter, "PATCH", path, "{\"share\":0.21,\"stallBudgetMs\":3}")))
                .containsExactly(
                        "stallBudgetMs is '3.0', must be at most 2.0 (maxProfile of the project).",
                        "share is '0.21', must be at most 0.2 (maxShare of the project).");

        // A change to a gentler pace is accepted.
        JsonNode pace = service.call(starter, "PATCH", path, "{\"profile\":\"gentle\",\"rateCeiling\":50}")
                .body()
                .get("pace");
        assertThat(pace.get("share").asDouble()).isEqualTo(0.2);
        assertThat(pace.get("stallBudgetMs").asDouble()).isEqualTo(0.5);
        assertThat(pace.get("rateCeiling").asLong()).isEqualTo(50);

        cancel(path);
    }

    @Test
    void ceilings_loweredWhileAScanIsActive_lowerItsPace_andAreInItsTimeline() {
        JsonNode scan = created(create("\"share\":0.9,\"rateCeiling\":200"));
        String path = pause(scan);
        Answer set = service.call(projectAdmin, "PUT", instanceCeilings(), "{\"maxShare\":0.05,\"maxRate\":20}");

        assertThat(set.status()).as(set.response().body()).isEqualTo(200);

        JsonNode lowered = service.call(starter, "GET", path, "").body();
        assertThat(lowered.get("pace").get("share").asDouble()).isEqualTo(0.05);
        assertThat(lowered.get("pace").get("rateCeiling").asLong()).isEqualTo(20);
        assertThat(lowered.get("version").asInt()).isEqualTo(2);

        // The timeline has the new ceilings and their removal.
        assertThat(service.call(projectAdmin, "DELETE", instanceCeilings(), "").status())
                .isEqualTo(204);
        assertThat(ceilingEvents(path))
                .containsExactly("maxShare 0.05 (the instance), maxRate 20 (the instance)", "none");

        // Without ceilings, the scan keeps its pace until somebody changes it.
        assertThat(service.call(starter, "GET", path, "")
                        .body()
                        .get("pace")
                        .get("share")
                        .asDouble())
                .isEqualTo(0.05);

        cancel(path);
    }

    @Test
    void tags_changedWhileAScanIsActive_bringTheirCeilings_andAreInItsTimeline() {
        setProjectCeilings("{\"tags\":[{\"key\":\"env\",\"value\":\"slow\",\"maxShare\":0.05}]}");
        JsonNode scan = created(create("\"share\":0.2,\"rateCeiling\":200"));
        String path = pause(scan);

        // The tag lowers the pace. Other tags, and a name, change no ceiling.
        setTags("{\"env\":\"slow\"}");
        assertThat(service.call(starter, "GET", path, "")
                        .body()
                        .at("/pace/share")
                        .asDouble())
                .isEqualTo(0.05);
        setTags("{\"env\":\"slow\",\"team\":\"shop\"}");
        assertThat(ceilingEvents(path)).containsExactly("maxShare 0.05 (the tag env=slow)");

        setTags("null");
        assertThat(ceilingEvents(path)).containsExactly("maxShare 0.05 (the tag env=slow)", "none");
        cancel(path);
    }

    private void setTags(String tags) {
        assertThat(service.call(projectAdmin, "PATCH", "/api/v1/instances/" + instanceId, "{\"tags\":" + tags + "}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void dcsRequests_andAutomaticScans_areLimitedByTheCeilings() {
        // A schedule above the ceilings is refused by both APIs.
        setProjectCeilings("{\"tags\":[{\"key\":\"env\",\"maxShare\":0.05,\"maxRate\":2500}]}");
        String dcs = "/v2/" + starter.projectId() + "/instances/" + instanceId;
        String body = "{\"enable_auto_scan\":true,\"first_scan_at\":\"2099-01-01T00:00:00Z\",\"interval\":3600,"
                + "\"timeout\":7200,\"scan_keys_count\":";
        Answer refused = service.call(starter, "PUT", dcs + "/scan-expire-keys/autoscan-config", body + "13}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.ABOVE_CEILING.code());
        assertThat(refused.body().get("error_msg").asString())
                .contains("scan_keys_count is '13', must be at most 12 (maxRate of the tag env).");

        assertThat(details(service.call(
                        starter,
                        "PUT",
                        "/api/v1/instances/" + instanceId + "/schedule",
                        "{\"firstScanAt\":\"2099-01-01T00:00:00Z\",\"intervalSeconds\":3600,\"timeoutSeconds\":7200,"
                                + "\"scanKeysCount\":13}")))
                .containsExactly("scanKeysCount is '13', must be at most 12 (maxRate of the tag env).");

        assertThat(service.call(starter, "PUT", dcs + "/scan-expire-keys/autoscan-config", body + "12}")
                        .status())
                .isEqualTo(200);

        // The pace of an automatic scan for a backlog target is lowered to the ceilings.
        setProjectCeilings("{\"tags\":[{\"key\":\"env\",\"maxShare\":0.05,\"maxRate\":100}]}");
        service.call(projectAdmin, "PUT", "/api/v1/instances/" + instanceId + "/start-policy", "{\"backlogTarget\":1}");
        JsonNode pass = await("a pass for the backlog target starts")
                .until(
                        () -> service.call(starter, "GET", "/api/v1/scans?scanType=auto&instanceId=" + instanceId, "")
                                .body()
                                .get("scans"),
                        scans -> !scans.isEmpty())
                .get(0);
        service.call(projectAdmin, "DELETE", "/api/v1/instances/" + instanceId + "/start-policy", "");
        assertLowered(pass.get("id").asString());

        // A scan by a DCS request has the pace of the ceilings.
        Answer task = service.call(starter, "POST", dcs + "/scan-expire-keys-task", "");
        assertThat(task.status()).as(task.response().body()).isEqualTo(200);
        assertLowered(task.id());
    }

    @Test
    void ceilingThatKeepsKeyNamesOnTheServer_leadsToTheMethodScript() {
        try (RedisServer valkey = RedisServer.start(RedisVersion.VALKEY_8)) {
            KeySpace keys =
                    KeySpace.withExpiryOff(valkey.client()).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 1_000);
            instanceId = service.register(starter, "valkey", valkey.uri());
            assertThat(methodAtFullSpeed()).startsWith("transaction").endsWith("key names leave the server");

            keys.plant(/* db= */ 0, /* live= */ 0, /* dead= */ 1_000);
            service.call(projectAdmin, "PUT", instanceCeilings(), "{\"namesStay\":true}");
            assertThat(methodAtFullSpeed()).startsWith("script");
        }
    }

    /** Runs a scan with the profile full, which must reclaim 1,000 keys, and returns its method. */
    private String methodAtFullSpeed() {
        String path = "/api/v1/scans/"
                + created(create("\"profile\":\"full\"")).get("id").asString();
        JsonNode ended = await("the scan ends")
                .until(() -> service.call(starter, "GET", path, "").body(), scan -> scan.has("finishedAt"));
        assertThat(ended.get("reclaimed").asLong()).isEqualTo(1_000);
        return ended.get("method").asString();
    }

    /** Checks that the pace of an active scan is lowered to the ceilings, and cancels the scan. */
    private void assertLowered(String scanId) {
        String path = "/api/v1/scans/" + scanId;
        JsonNode pace = service.call(starter, "GET", path, "").body().get("pace");
        assertThat(pace.get("share").asDouble()).isEqualTo(0.05);
        assertThat(pace.get("rateCeiling").asLong()).isEqualTo(100);
        cancel(path);
    }
}
