package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Tests automatic scans of a real server in real time: by the schedule, by the backlog and by memory. */
class AutoScanIT {

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void schedule_ofSeconds_startsScansAtItsTimes(String dialect) throws Exception {
        Map<String, String> variables =
                dialect.equals("h2") ? Map.of() : Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, variables)) {
            KeySpace keySpace = KeySpace.frozen(redis.client()).plant(0, 2_000, 1_000);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "auto", redis.uri());
            Instant first = enable(service, key, instanceId, 2, 60, 1000);
            JsonNode starts = awaitStarts(service, key, instanceId, found -> found.size() >= 3);
            disable(service, key, instanceId);
            List<Instant> due = new ArrayList<>();
            for (JsonNode start : starts) {
                Instant dueAt = Instant.parse(start.get("dueAt").asString());
                due.add(dueAt);
                assertThat(start.get("cause").asString()).isEqualTo("schedule");
                assertThat(Duration.between(first, dueAt).toMillis() % 2000).isZero();
                assertThat(Instant.parse(start.get("decidedAt").asString())).isAfterOrEqualTo(dueAt);
            }
            assertThat(due).doesNotHaveDuplicates().isSortedAccordingTo((one, other) -> other.compareTo(one));
            JsonNode records = awaitRecords(
                    service,
                    key,
                    instanceId,
                    found -> found.get("records").get(0).has("finished_at"));
            assertThat(records.get("total").asInt()).isEqualTo(1_000);
            for (JsonNode record : records.get("records")) {
                assertThat(record.get("scan_type").asString()).isEqualTo("auto");
                assertThat(record.get("status").asString()).isEqualTo("success");
            }
            assertThat(keySpace.size(0)).isEqualTo(2_000);
        }
    }

    @Test
    void timeout_endsAsFailed_withWhatWasReclaimedCounted() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, Map.of())) {
            // A count of 10 allows 2,000 keys a second, so the whole scan would take 20 s.
            KeySpace keySpace = KeySpace.frozen(redis.client()).plant(0, 20_000, 20_000);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "auto", redis.uri());
            enable(service, key, instanceId, 0, 2, 10);
            JsonNode record = awaitRecords(
                            service,
                            key,
                            instanceId,
                            found -> found.get("count").asInt() == 1
                                    && found.get("records").get(0).has("finished_at"))
                    .get("records")
                    .get(0);
            assertThat(record.get("status").asString()).isEqualTo("failed");
            assertThat(record.get("num").asLong()).isPositive().isEqualTo(40_000 - keySpace.size(0));
        }
    }

    @Test
    void threshold_skipsAScanThatIsNotWorthwhile_byAnEstimateOnTheReplica() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = RedisServer.start(
                        RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", Integer.toString(redis.port()));
                TestService service = TestService.start(home, Map.of())) {
            KeySpace keySpace = KeySpace.frozen(redis.client()).plant(0, 30_000, 300);
            awaitReplica(replica, 30_300);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "auto", redis.uri());
            String policy = "/api/v1/instances/" + instanceId + "/start-policy";
            assertThat(service.call(key, "PUT", policy, "{\"deadMegabytes\":50}")
                            .status())
                    .isEqualTo(200);
            enable(service, key, instanceId, 2, 60, 1000);
            JsonNode skipped = awaitStarts(service, key, instanceId, found -> found.size() >= 1)
                    .get(0);
            assertThat(skipped.get("outcome").asString()).isEqualTo("skipped");
            assertThat(skipped.get("reason").asString())
                    .startsWith("below the threshold: ")
                    .contains("(threshold 50.0 MB)", "estimated on 127.0.0.1:" + replica.port());
            assertThat(keySpace.size(0)).isEqualTo(30_300);
            String deliveries = createWebhook(service, key);
            // A threshold that is passed lets the next scan start.
            service.call(key, "PUT", policy, "{\"deadMegabytes\":50,\"deadPercent\":0.1}");
            awaitStarts(
                    service,
                    key,
                    instanceId,
                    found -> found.get(0).get("outcome").asString().equals("started"));
            disable(service, key, instanceId);
            awaitRecords(
                    service,
                    key,
                    instanceId,
                    found -> found.get("total").asInt() == 300
                            && found.get("records").get(0).has("finished_at"));
            assertThat(keySpace.size(0)).isEqualTo(30_000);
            JsonNode notices = service.call(key, "GET", deliveries, "").body();
            assertThat(notices.get(0).get("body").asString())
                    .contains("\"cause\":\"schedule\"", "\"outcome\":\"started\"", "(threshold 0.1 %)", "\"scanId\"");
        }
    }

    @Test
    void threshold_withoutAReplica_neverSamplesThePrimary_andStarts() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, Map.of())) {
            KeySpace.frozen(redis.client()).plant(0, 1_000, 10);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "auto", redis.uri());
            service.call(key, "PUT", "/api/v1/projects/" + key.projectId() + "/start-policy", "{\"deadPercent\":99}");
            enable(service, key, instanceId, 0, 60, 1000);
            JsonNode start = awaitStarts(service, key, instanceId, found -> found.size() == 1)
                    .get(0);
            assertThat(start.get("outcome").asString()).isEqualTo("started");
            assertThat(start.get("reason").asString()).contains("could not be estimated", "without a replica");
        }
    }

    @Test
    void memoryThatRunsShort_startsOneScan_andNoOtherInTheQuietPeriod() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, Map.of())) {
            KeySpace.frozen(redis.client()).plant(0, 2_000, 1_000);
            redis.client().call("CONFIG", "SET", "maxmemory", "1gb");
            Credentials key = service.administrator();
            String instanceId = service.register(key, "memory", redis.uri());
            service.call(
                    key,
                    "PUT",
                    "/api/v1/instances/" + instanceId + "/start-policy",
                    "{\"memoryPercent\":90,\"evictions\":true}");
            assertThat(service.bean(JdbcClient.class)
                            .sql("select task_name from scheduled_tasks where task_instance = 'recurring'")
                            .query(String.class)
                            .list())
                    .containsExactlyInAnyOrder("backlog-target", "held-watch", "memory-watch", "permits", "retention");
            String deliveries = createWebhook(service, key);
            LowMemoryStarter starter = service.bean(LowMemoryStarter.class);
            starter.startWhereMemoryIsLow();
            assertThat(starts(service, key, instanceId)).isEmpty();
            redis.client().call("CONFIG", "SET", "maxmemory-policy", "noeviction");
            redis.client().call("CONFIG", "SET", "maxmemory", "1mb");
            starter.startWhereMemoryIsLow();
            JsonNode start = starts(service, key, instanceId).get(0);
            assertThat(start.get("cause").asString()).isEqualTo("memory");
            assertThat(start.get("outcome").asString()).isEqualTo("started");
            assertThat(start.get("reason").asString()).contains("% of the limit (threshold 90 %)");
            awaitRecords(
                    service,
                    key,
                    instanceId,
                    found -> found.get("records").get(0).has("finished_at"));
            starter.startWhereMemoryIsLow();
            assertThat(starts(service, key, instanceId)).hasSize(1);
            JsonNode notices = service.call(key, "GET", deliveries, "").body();
            assertThat(notices.size()).isEqualTo(1);
            assertThat(notices.get(0).get("body").asString())
                    .contains("\"cause\":\"memory\"", "\"outcome\":\"started\"", "(threshold 90 %)");
        }
    }

    @Test
    void evictions_sinceTheLastCheck_startAScan() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, Map.of())) {
            KeySpace.frozen(redis.client()).plant(0, 20_000, 0);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "memory", redis.uri());
            service.call(key, "PUT", "/api/v1/instances/" + instanceId + "/start-policy", "{\"evictions\":true}");
            LowMemoryStarter starter = service.bean(LowMemoryStarter.class);
            starter.startWhereMemoryIsLow();
            redis.client().call("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
            long used = Long.parseLong(Objects.requireNonNull(redis.client().info("used_memory")));
            redis.client().call("CONFIG", "SET", "maxmemory", Long.toString(used - 200_000));
            redis.client().call("SET", "one-more", "value");
            redis.client().call("CONFIG", "SET", "maxmemory", "0");
            starter.startWhereMemoryIsLow();
            assertThat(starts(service, key, instanceId).get(0).get("reason").asString())
                    .contains("keys were evicted by 127.0.0.1:" + redis.port() + " since");
        }
    }

    @Test
    void serverThatIsAway_isTriedAgainUntilItIsBack() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, Map.of())) {
            Credentials key = service.administrator();
            String instanceId = service.register(key, "auto", redis.uri());
            redis.kill();
            enable(service, key, instanceId, 0, 120, 1000);
            String scanId = awaitStarts(service, key, instanceId, found -> found.size() == 1)
                    .get(0)
                    .get("scanId")
                    .asString();
            JsonNode waiting = await().until(
                            () -> service.call(key, "GET", "/api/v1/scans/" + scanId, "")
                                    .body(),
                            scan -> scan.has("hold"));
            assertThat(waiting.get("hold").asString())
                    .startsWith("tries again later: 127.0.0.1:" + redis.port() + " accepts no connection");
            assertThat(waiting.get("status").asString()).isEqualTo("running");

            redis.restart();
            KeySpace keySpace = KeySpace.frozen(redis.client()).plant(0, 2_000, 1_000);
            JsonNode record = awaitRecords(
                            service,
                            key,
                            instanceId,
                            found -> found.get("records").get(0).has("finished_at"))
                    .get("records")
                    .get(0);
            assertThat(record.get("status").asString()).isEqualTo("success");
            assertThat(record.get("num").asLong()).isEqualTo(1_000);
            assertThat(keySpace.size(0)).isEqualTo(2_000);
        }
    }

    /**
     * Creates a webhook for thresholds, at an address where no server listens, and returns the path of its deliveries.
     */
    private static String createWebhook(TestService service, Credentials key) {
        return "/api/v1/webhooks/"
                + service.call(
                                key,
                                "POST",
                                "/api/v1/webhooks",
                                "{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"threshold.passed\"]}")
                        .body()
                        .get("id")
                        .asString()
                + "/deliveries";
    }

    private static void awaitReplica(RedisServer replica, int keys) {
        await().atMost(Duration.ofMinutes(3))
                .until(() -> Long.valueOf(keys).equals(replica.client().call("DBSIZE")));
    }

    private static Instant enable(
            TestService service, Credentials key, String instanceId, int interval, int timeout, int count) {
        Instant first = InstantSource.system().instant().plusSeconds(4).truncatedTo(ChronoUnit.MILLIS);
        String body = "{\"enable_auto_scan\":true,\"first_scan_at\":\"" + first + "\",\"interval\":" + interval
                + ",\"timeout\":" + timeout + ",\"scan_keys_count\":" + count + "}";
        assertThat(service.call(key, "PUT", config(key, instanceId), body).status())
                .isEqualTo(200);
        return first;
    }

    private static void disable(TestService service, Credentials key, String instanceId) {
        service.call(key, "PUT", config(key, instanceId), "{\"enable_auto_scan\":false}");
    }

    private static String config(Credentials key, String instanceId) {
        return "/v2/" + key.projectId() + "/instances/" + instanceId + "/scan-expire-keys/autoscan-config";
    }

    private static JsonNode starts(TestService service, Credentials key, String instanceId) {
        return service.call(key, "GET", "/api/v1/instances/" + instanceId + "/starts", "")
                .body();
    }

    private static JsonNode awaitStarts(
            TestService service, Credentials key, String instanceId, Predicate<JsonNode> condition) {
        return await().atMost(Duration.ofMinutes(3)).until(() -> starts(service, key, instanceId), condition);
    }

    private static JsonNode awaitRecords(
            TestService service, Credentials key, String instanceId, Predicate<JsonNode> condition) {
        String path = "/v2/" + key.projectId() + "/instances/" + instanceId + "/auto-expire/histories?limit=100";
        return await().atMost(Duration.ofMinutes(3))
                .until(() -> service.call(key, "GET", path, "").body(), condition);
    }
}
