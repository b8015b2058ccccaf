package io.keysweep.server.autoscan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests passes on a real server. A pass is an automatic scan that keeps the backlog below a target. The backlog is the
 * number of dead keys.
 */
@ExtendWith(SharedServicesResolver.class)
class BacklogTargetIT {

    private static final int LIVE = 2_000;
    private static final int DEAD = 1_000;

    /** The number of dead keys that are planted after the first pass. */
    private static final int MORE_DEAD = 700;

    private TestService service;
    private Credentials key;
    private String instance = "";

    @BeforeEach
    void createProject(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("backlog target " + UUID.randomUUID());
    }

    @Test
    void target_whileKeysAreDead_startsOnePassAfterAnother_eachWithItsReason() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            register(redis);

            // Remove the target while the first pass is on hold: a second pass right behind it would find no dead keys,
            // and PassPlan would then wait minutes before the third.
            service.call(key, "PUT", holdPath(), "");
            setStartPolicy("{\"backlogTarget\":1}");
            awaitStarts(found -> found.size() == 1);
            setStartPolicy("{}");
            service.call(key, "DELETE", holdPath(), "");
            assertThat(awaitAllEnded().get("total").asInt()).isEqualTo(DEAD);

            // With new dead keys and the target, passes follow one another.
            keySpace.plant(/* db= */ 0, /* live= */ 0, MORE_DEAD);
            setStartPolicy("{\"backlogTarget\":1}");
            JsonNode starts = awaitStarts(found -> found.size() >= 4);
            setStartPolicy("{}");

            // The list begins with the latest start. The first pass measures how fast keys expire, and the reason of
            // the latest pass has that number.
            for (JsonNode start : starts) {
                assertThat(start.get("cause").asString()).isEqualTo("backlog");
                assertThat(start.get("outcome").asString()).isEqualTo("started");
            }
            assertThat(starts.get(starts.size() - 1).get("reason").asString())
                    .isEqualTo("backlog target of 1 key: this pass measures how fast keys expire");
            assertThat(starts.get(0).get("reason").asString()).contains("keys expire a second, so");

            // All dead keys are reclaimed.
            JsonNode records = awaitAllEnded();
            assertThat(records.get("total").asInt()).isEqualTo(DEAD + MORE_DEAD);
            assertThat(records.get("records").get(0).get("scan_type").asString())
                    .isEqualTo("auto");
            assertThat(keySpace.size(0)).isEqualTo(LIVE);
        }
    }

    @Test
    void pass_ofAnInstanceThatAllowsAssist_assistsFirst_andCountsTheKeys() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            register(redis);
            service.call(key, "PATCH", "/api/v1/instances/" + instance, "{\"assist\":true}");
            keySpace.switchExpiryOn();

            // The target is removed while the first pass is on hold, so that no second pass follows.
            service.call(key, "PUT", holdPath(), "");
            setStartPolicy("{\"backlogTarget\":1}");
            awaitStarts(found -> found.size() == 1);
            setStartPolicy("{}");
            service.call(key, "DELETE", holdPath(), "");
            awaitAllEnded();

            // The scan has assisted before its sweep. Its limit for the backlog is the target, 1 key.
            JsonNode scan = service.call(key, "GET", "/api/v1/scans?instanceId=" + instance, "")
                    .body()
                    .get("scans")
                    .get(0);
            assertThat(scan.get("assist").asString()).isEqualTo("before");
            assertThat(service.bean(JdbcClient.class)
                            .sql("select backlog_limit from scan where id = :id")
                            .param("id", UUID.fromString(scan.get("id").asString()))
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);

            // The stored pass has the keys of the sweep and of assist.
            assertThat(service.bean(PassStore.class)
                            .latest(UUID.fromString(instance), /* limit= */ 1)
                            .getFirst()
                            .reclaimed())
                    .isEqualTo(scan.get("reclaimed").asLong()
                            + scan.get("assistReclaimed").asLong());
        }
    }

    @Test
    void backlog_farBelowItsTarget_startsNoPassAfterTheFirstTwo() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            register(redis);

            // The target is far above the number of dead keys.
            setStartPolicy("{\"backlogTarget\":2000000000}");
            awaitStarts(found -> found.size() == 2);
            awaitAllEnded();

            // Besides the test, db-scheduler calls startDuePasses from time to time. No call starts a pass.
            service.bean(BacklogStarter.class).startDuePasses();
            assertThat(starts()).hasSize(2);
            setStartPolicy("{}");
        }
    }

    @Test
    void target_whileTheWindowsAreClosed_startsNoPass() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 20, /* dead= */ 10);
            register(redis);
            closeWindows();

            setStartPolicy("{\"backlogTarget\":1}");
            service.bean(BacklogStarter.class).startDuePasses();

            assertThat(starts()).isEmpty();
        }
    }

    @Test
    void check_thatFailsForOneInstance_doesNotPreventTheChecksOfOthers() {
        // The service itself starts no pass of the instance, because the windows are closed.
        instance = service.register(key, "target", "redis://127.0.0.1:1");
        closeWindows();
        setStartPolicy("{\"backlogTarget\":1}");

        assertEachInstanceIsCheckedDespiteFailures();
    }

    @Test
    void target_thatIsNoPositiveWholeNumber_isRefused() {
        instance = service.register(key, "target", "redis://127.0.0.1:1");

        for (String invalid : new String[] {"0", "-1", "1.5", "\"1\"", "9999999999"}) {
            TestService.Answer answer =
                    service.call(key, "PUT", startPolicyPath(), "{\"backlogTarget\":" + invalid + "}");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().toString()).contains("backlogTarget", "a whole number from 1 to");
        }
    }

    /** Closes the windows of the project by a blackout from today on. */
    private void closeWindows() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String windows = "{\"timeZone\":\"UTC\","
                + "\"windows\":[{\"days\":[\"monday\"],\"from\":\"00:00\",\"until\":\"24:00\"}],"
                + "\"blackouts\":[{\"first\":\"" + today + "\",\"last\":\"" + today.plusDays(2) + "\"}]}";
        assertThat(service.call(key, "PUT", "/api/v1/projects/" + key.projectId() + "/windows", windows)
                        .status())
                .isEqualTo(200);
    }

    /** Checks two instances whose windows cannot be read, so that each check fails. */
    private void assertEachInstanceIsCheckedDespiteFailures() {
        String second = service.register(key, "second", "redis://127.0.0.1:1");
        service.call(key, "PUT", "/api/v1/instances/" + second + "/start-policy", "{\"backlogTarget\":1}");
        List<UUID> checked = new ArrayList<>();
        new BacklogStarter(
                        service.bean(StartPolicies.class),
                        service.bean(InstanceStore.class),
                        service.bean(PassStore.class),
                        id -> {
                            checked.add(id);
                            throw new IllegalStateException("the windows cannot be read");
                        },
                        service.bean(TriggeredStarts.class),
                        service.bean(CeilingFinder.class),
                        service.bean(ServiceSettings.class),
                        InstantSource.system())
                .startDuePasses();

        assertThat(checked).contains(UUID.fromString(instance), UUID.fromString(second));
    }

    private void register(RedisServer redis) {
        instance = service.register(key, "target", redis.uri());
    }

    private String holdPath() {
        return "/api/v1/projects/" + key.projectId() + "/hold";
    }

    private String startPolicyPath() {
        return "/api/v1/instances/" + instance + "/start-policy";
    }

    /** Sets the whole start policy of the instance, with or without a target. */
    private void setStartPolicy(String document) {
        assertThat(service.call(key, "PUT", startPolicyPath(), document).status())
                .isEqualTo(200);
    }

    private JsonNode starts() {
        return service.call(key, "GET", "/api/v1/instances/" + instance + "/starts", "")
                .body();
    }

    private JsonNode awaitStarts(Predicate<JsonNode> condition) {
        return await("the starts are as expected").until(() -> starts(), condition);
    }

    /** Waits until each scan of the instance has ended, and returns the list of them. */
    private JsonNode awaitAllEnded() {
        String path = "/v2/" + key.projectId() + "/instances/" + instance + "/auto-expire/histories?limit=100";
        return await("all scans have ended")
                .until(() -> service.call(key, "GET", path, "").body(), found -> {
                    for (JsonNode record : found.get("records")) {
                        if (!record.has("finished_at")) {
                            return false;
                        }
                    }
                    return true;
                });
    }
}
