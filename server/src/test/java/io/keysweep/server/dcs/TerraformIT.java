package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Sends the requests of the Terraform provider for Huawei Cloud, in its order: sign-in, expired key scan, and the
 * histories that it reads page by page.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerraformIT {

    private static final Map<String, String> ALWAYS =
            Map.of("Accept", "application/json", "User-Agent", "terraform-provider-iac golangsdk/2.0.0");

    private RedisServer redis;
    private TestService service;
    private Credentials key;

    @BeforeAll
    void start(@TempDir Path home) {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        KeySpace.frozen(redis.client()).plant(0, 100, 40);
        service = TestService.start(home, Map.of());
        key = service.administrator();
    }

    @AfterAll
    void stop() {
        service.close();
        redis.close();
    }

    @Test
    void provider_signsInByItsRegion() {
        JsonNode projects = get("/v3/projects?name=cn-north-4", null).body().get("projects");
        assertThat(projects).hasSize(1);
        assertThat(projects.get(0).get("id").asString()).isEqualTo(key.projectId());
        // The provider builds its clients from the catalog, even if all endpoints are set.
        assertThat(get("/v3/auth/catalog", null).body().get("catalog")).isNotEmpty();
        assertThat(get("/v3/auth/domains?name=account", null)
                        .body()
                        .get("domains")
                        .get(0)
                        .get("id")
                        .asString())
                .isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "huaweicloud_dcs_instance_expired_key_scan, auto-expire/scan, application/json",
        "huaweicloud_dcs_instance_expired_key_scan_task, scan-expire-keys-task, ''"
    })
    void resource_created_isFoundInTheHistoriesUntilItEnds(String resource, String operation, String contentType) {
        String instanceId = service.register(key, resource, redis.uri());
        String base = "/v2/" + key.projectId() + "/instances/" + instanceId;
        Answer created = send("POST", base + "/" + operation, contentType.isEmpty() ? null : contentType);
        assertThat(created.status()).as(created.response().body()).isEqualTo(200);
        String taskId = created.body().get("id").asString();
        JsonNode ended = Waits.await("the scan ends")
                .until(
                        () -> histories(base).stream()
                                .filter(record -> record.get("id").asString().equals(taskId))
                                .findFirst()
                                .orElseThrow(),
                        record -> !List.of("waiting", "running")
                                .contains(record.get("status").asString()));
        assertThat(ended.get("status").asString()).isEqualTo("success");
        assertThat(ended.get("scan_type").asString()).isEqualTo("manual");
        assertThat(ended.get("instance_id").asString()).isEqualTo(instanceId);
        assertThat(ended.get("num").isInt()).isTrue();
        for (String time : List.of("created_at", "started_at", "finished_at")) {
            assertThat(ended.get(time).asString()).as(time).endsWith("Z");
        }

        // The data source sends one more header, and the status only if the user has set one.
        assertThat(get(base + "/auto-expire/histories?status=success", "en-us")
                        .body()
                        .get("records"))
                .hasSize(1);
        assertThat(get(base + "/auto-expire/histories?status=failed", "en-us")
                        .body()
                        .get("records"))
                .isEmpty();
        assertThat(get(base + "/auto-expire/histories", "en-us").body().get("records"))
                .hasSize(1);
    }

    /** Reads all pages as the provider does: without limit at first, then with the size of the first page. */
    private List<JsonNode> histories(String base) {
        List<JsonNode> records = new ArrayList<>();
        String path = base + "/auto-expire/histories";
        JsonNode page = get(path, null).body().get("records");
        int size = page.size();
        for (int offset = size; !page.isEmpty(); offset += size) {
            page.forEach(records::add);
            page = get(path + "?limit=" + size + "&offset=" + offset, null)
                    .body()
                    .get("records");
        }
        return records;
    }

    private Answer get(String path, @Nullable String language) {
        Map<String, String> headers = new HashMap<>(ALWAYS);
        headers.put("Content-Type", language == null ? "application/json;charset=utf8" : "application/json");
        if (language != null) {
            headers.put("X-Language", language);
        }
        return signed("GET", path, headers);
    }

    private Answer send(String method, String path, @Nullable String contentType) {
        Map<String, String> headers = new HashMap<>(ALWAYS);
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
        return signed(method, path, headers);
    }

    /** Signs every header that the request has then; the provider adds the project after it has signed. */
    private Answer signed(String method, String path, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(service.sign(key, method, path, headers, ""));
        all.put("X-Project-Id", key.projectId());
        return service.send(method, path, all, "");
    }
}
