package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.api.ScanView;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Tests requests that create, list and tune scans, on both databases. {@link BadScanRequestsIT} checks bad input.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NativeScansContract {

    TestService service;
    private ScanRequests scans;
    private RedisServer redis;
    private Credentials key;
    private String scanId;

    /** Returns the service on the database of the tests. */
    abstract TestService choose(SharedServices services);

    @BeforeAll
    void start(SharedServices services) {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 200, /* dead= */ 100);
        service = choose(services);
        scans = new ScanRequests(service);
        key = service.newAdministrator("native scans");
        String instanceId = service.register(key, "first", redis.uri());
        scanId = scans.awaitEnd(key, scans.create(key, ScanRequests.body(instanceId), /* idempotencyKey= */ null));
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    @Test
    void list_pageByPage_hasEachScanOnceNewestFirst() {
        Credentials teamKey = service.project("native list");
        String instanceId = service.register(teamKey, "a", redis.uri());
        String otherInstanceId = service.register(teamKey, "b", redis.uri());

        // Five scans have ended.
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Answer created = scans.create(teamKey, ScanRequests.body(instanceId), /* idempotencyKey= */ null);
            newestFirst.addFirst(scans.awaitEnd(teamKey, created));
        }

        // The last scan waits, because the project is on hold.
        service.call(teamKey, "PUT", "/api/v1/projects/" + teamKey.projectId() + "/hold", "");
        String waiting = scans.create(teamKey, ScanRequests.body(otherInstanceId), /* idempotencyKey= */ null)
                .id();
        newestFirst.addFirst(waiting);

        // The list has two scans on each page.
        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = scans.list(teamKey, "limit=2" + cursor);
            assertThat(page.get("scans").size()).isEqualTo(2);

            page.get("scans").forEach(scan -> listed.add(scan.get("id").asString()));
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asString() : "";
        } while (!cursor.isEmpty());

        assertThat(listed).isEqualTo(newestFirst);

        // Parameters filter the list, and other projects do not see these scans.
        assertThat(ScanRequests.ids(scans.list(teamKey, "status=waiting"))).containsExactly(waiting);
        assertThat(ScanRequests.ids(scans.list(teamKey, "instanceId=" + instanceId)))
                .isEqualTo(newestFirst.subList(1, 6));
        assertThat(ScanRequests.ids(scans.list(teamKey, "status=success&limit=1")))
                .containsExactly(newestFirst.get(1));
        assertThat(ScanRequests.ids(scans.list(teamKey, "scanType=manual"))).hasSize(6);
        assertThat(ScanRequests.ids(scans.list(teamKey, "scanType=auto"))).isEmpty();
        assertThat(ScanRequests.ids(scans.list(teamKey, "instanceId=" + UUID.randomUUID())))
                .isEmpty();
        assertThat(ScanRequests.ids(scans.list(key, "limit=200"))).doesNotContainAnyElementsOf(newestFirst);

        service.call(teamKey, "POST", "/api/v1/scans/" + waiting + "/cancel", "");
    }

    @Test
    void create_withOptions_showsThem() {
        String instanceId = service.register(key, "options", redis.uri());
        Answer created = scans.create(
                key,
                "{\"instanceId\":\"" + instanceId
                        + "\",\"timeoutSeconds\":90,\"profile\":\"balanced\",\"share\":0.1,\"rateCeiling\":50000}",
                /* idempotencyKey= */ null);

        // The answer has the values of the request, and the stall budget of the profile.
        assertThat(created.status()).isEqualTo(201);

        String id = created.id();
        assertThat(created.header("Location")).isEqualTo("/api/v1/scans/" + id);
        assertThat(created.header("ETag")).isEqualTo("\"0\"");
        assertThat(created.body().get("timeoutSeconds").asLong()).isEqualTo(90);

        JsonNode pace = created.body().get("pace");
        assertThat(pace.get("stallBudgetMs").asDouble()).isEqualTo(2);
        assertThat(pace.get("share").asDouble()).isEqualTo(0.1);
        assertThat(pace.get("rateCeiling").asLong()).isEqualTo(50_000);

        // The scan has one sweep, because the deployment is one server.
        scans.awaitEnd(key, created);
        JsonNode sweep = service.call(key, "GET", "/api/v1/scans/" + id, "")
                .body()
                .get("sweeps")
                .get(0);

        assertThat(sweep.get("nodeId").asString()).isEqualTo("127.0.0.1:" + redis.port());
        assertThat(sweep.get("finished").asBoolean()).isTrue();
        assertThat(sweep.get("method").asString()).startsWith("script");
    }

    @Test
    void create_repeatedWithItsIdempotencyKey_createsOneScan() throws Exception {
        String instanceId = service.register(key, "again", redis.uri());
        String idempotencyKey = "create/1";
        List<Callable<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(() -> scans.create(key, ScanRequests.body(instanceId), idempotencyKey));
        }

        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (Future<Answer> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        answers.add(scans.create(key, ScanRequests.body(instanceId), idempotencyKey));

        // Six requests at the same time and a later one have the same answer.
        assertThat(answers).allMatch(answer -> answer.status() == 201);
        assertThat(answers).extracting(answer -> answer.id()).containsOnly(scans.awaitEnd(key, answers.getFirst()));
        assertThat(ScanRequests.ids(scans.list(key, "instanceId=" + instanceId)))
                .hasSize(1);

        // The same key with another body is refused, and so is a key with a space.
        Answer another =
                scans.create(key, "{\"instanceId\":\"" + instanceId + "\",\"timeoutSeconds\":5}", idempotencyKey);
        ScanRequests.assertProblem(
                another, ErrorCode.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key is '" + idempotencyKey + "'");
        ScanRequests.assertProblem(
                scans.create(key, ScanRequests.body(instanceId), "with space"),
                ErrorCode.INVALID_PARAMETER,
                "Idempotency-Key is 'with space'");

        // Another project may use the same key.
        Credentials teamKey = service.project("native again");
        Answer foreign =
                scans.create(teamKey, ScanRequests.body(service.register(teamKey, "x", redis.uri())), idempotencyKey);
        assertThat(foreign.status()).isEqualTo(201);

        scans.awaitEnd(teamKey, foreign);
    }

    @Test
    void tune_withAStaleETag_isRefusedAndChangesNothing() {
        Credentials teamKey = service.project("native etag");
        String hold = "/api/v1/projects/" + teamKey.projectId() + "/hold";
        service.call(teamKey, "PUT", hold, "");
        String instanceId = service.register(teamKey, "etag", redis.uri());
        String path = "/api/v1/scans/"
                + scans.create(teamKey, ScanRequests.body(instanceId), /* idempotencyKey= */ null)
                        .id();

        // With the present ETag, the change takes effect.
        String tag = service.call(teamKey, "GET", path, "").header("ETag");
        Answer tuned = scans.changePace(teamKey, path, "{\"share\":0.5,\"reason\":\"night\"}", tag);

        assertThat(tuned.status()).isEqualTo(200);
        assertThat(tuned.header("ETag")).isNotEqualTo(tag);
        assertThat(tuned.body().get("pace").get("tunedBy").asString()).isEqualTo(teamKey.accessKey());
        assertThat(tuned.body().get("pace").get("tunedWhy").asString()).isEqualTo("night");

        // A stale or malformed ETag changes nothing.
        ScanRequests.assertProblem(
                scans.changePace(teamKey, path, "{\"share\":0.9}", tag), ErrorCode.STALE, "If-Match is " + tag);
        ScanRequests.assertProblem(
                scans.changePace(teamKey, path, "{\"share\":0.9}", "W/\"1\""),
                ErrorCode.INVALID_PARAMETER,
                "If-Match is 'W/\"1\"'");
        JsonNode unchanged = service.call(teamKey, "GET", path, "").body();

        assertThat(unchanged.get("pace").get("share").asDouble()).isEqualTo(0.5);

        // If-Match "*", or no condition, allows the change.
        assertThat(scans.changePace(teamKey, path, "{\"rateCeiling\":7}", "*")
                        .body()
                        .get("pace")
                        .get("rateCeiling")
                        .asLong())
                .isEqualTo(7);
        assertThat(scans.changePace(teamKey, path, "{\"rateCeiling\":null}", /* ifMatch= */ null)
                        .body()
                        .get("pace")
                        .has("rateCeiling"))
                .isFalse();

        service.call(teamKey, "POST", path + "/cancel", "");
        service.call(teamKey, "DELETE", hold, "");
    }

    @Test
    void scan_ofAnotherProject_isUnknown() {
        Credentials teamKey = service.project("native foreign");
        String instanceId = service.register(key, "mine", redis.uri());
        String id = scans.awaitEnd(key, scans.create(key, ScanRequests.body(instanceId), /* idempotencyKey= */ null));

        // The other project can neither control the scan nor change its pace.
        for (String verb : List.of("pause", "resume", "cancel")) {
            ScanRequests.assertProblem(
                    service.call(teamKey, "POST", "/api/v1/scans/" + id + "/" + verb, ""), ErrorCode.UNKNOWN_SCAN, "");
        }
        ScanRequests.assertProblem(
                service.call(teamKey, "PATCH", "/api/v1/scans/" + id, "{\"share\":1}"), ErrorCode.UNKNOWN_SCAN, "");
        ScanRequests.assertProblem(
                service.call(teamKey, "GET", "/api/v1/scans/nonsense", ""), ErrorCode.UNKNOWN_SCAN, "");

        // Holds of everything and of other projects are refused.
        ScanRequests.assertProblem(service.call(teamKey, "PUT", "/api/v1/hold", ""), ErrorCode.ACTION_DENIED, "");
        ScanRequests.assertProblem(
                service.call(teamKey, "PUT", "/api/v1/projects/" + key.projectId() + "/hold", ""),
                ErrorCode.ACTION_DENIED,
                "");
        ScanRequests.assertProblem(
                service.call(key, "PUT", "/api/v1/projects/" + "0".repeat(32) + "/hold", ""),
                ErrorCode.UNKNOWN_PROJECT,
                "");
    }

    @Test
    void views_ofScansOfWhichOneWasDeleted_leaveItOut() {
        ScanViews views = service.bean(ScanViews.class);
        Scan kept = service.bean(ScanStore.class).find(UUID.fromString(scanId)).orElseThrow();
        Scan deleted = ScanStores.waiting(UUID.randomUUID(), ScanStores.NOW);

        assertThat(views.of(List.of(deleted, kept))).extracting(ScanView::id).containsExactly(scanId);
        assertThatThrownBy(() -> views.of(deleted))
                .isInstanceOfSatisfying(
                        RequestRefusedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SCAN));
    }
}
