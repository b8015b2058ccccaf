package io.keysweep.server.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests {@code /api/v1/instances/{id}/estimates} with real servers, on both databases.
 *
 * <p>An estimate is the number of dead keys: keys that have expired but still use memory. It comes from a sample or
 * from a full count.
 */
@ExtendWith(SharedServicesResolver.class)
class EstimatesIT {

    private static final int LIVE = 3_000;
    private static final int DEAD = 1_000;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void estimate_ofAServerWithAReplica_isMadeOnTheReplica_storedAndShown(String dialect, SharedServices services) {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = RedisServer.start(
                        RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", String.valueOf(primary.port()));
                RespClient onPrimary = primary.client();
                RespClient onReplica = replica.client()) {
            TestService service = services.on(dialect);
            KeySpace keys = KeySpace.withExpiryOff(onPrimary).plant(/* db= */ 0, LIVE, DEAD);
            Replication.awaitSynchronised(onPrimary, onReplica);
            Credentials key = service.newAdministrator("estimates on a replica");
            String path = "/api/v1/instances/" + service.register(key, "orders", primary.uri()) + "/estimates";

            // Nothing was estimated yet.
            Answer none = service.call(key, "GET", path, "");
            assertThat(none.status()).isEqualTo(404);
            assertThat(none.body().get("code").asString()).isEqualTo(ErrorCode.UNKNOWN_ESTIMATE.code());

            // The default is a sample on the replica.
            JsonNode sample = service.call(key, "POST", path, "").body();
            JsonNode onNode = sample.get("primaries").get(0);
            assertThat(onNode.get("method").asString()).isEqualTo("REPLICA_SAMPLE");
            assertThat(onNode.get("nodeId").asString()).isEqualTo("127.0.0.1:" + primary.port());
            assertThat(onNode.get("countedOn").asString()).isEqualTo("127.0.0.1:" + replica.port());
            assertThat(onNode.get("lowest").asLong())
                    .isLessThanOrEqualTo(onNode.get("dead").asLong());
            assertThat(onNode.get("highest").asLong())
                    .isGreaterThanOrEqualTo(onNode.get("dead").asLong());
            assertThat(onNode.get("sweepSeconds").get("gentle").asDouble()).isPositive();

            // The estimate has a picture of the keys, a forecast and advice, unless the request switches them off.
            JsonNode picture = sample.at("/insight/picture");
            assertThat(picture.at("/ttl/0/remaining").asString()).isEqualTo("DEAD");
            assertThat(picture.at("/ttl/0/count/keys").asLong())
                    .isEqualTo(onNode.get("dead").asLong());
            assertThat(picture.at("/livingVolatile/keys").asLong()).isEqualTo(1);
            assertThat(picture.at("/types/0/type").asString()).isEqualTo("string");
            // By default, the forecast has 144 steps of ten minutes, which is one day.
            assertThat(sample.at("/insight/forecast/steps")).hasSize(144);
            assertThat(sample.at("/advice/action").asString()).isNotEmpty();
            assertThat(sample.at("/advice/options")).isNotEmpty();
            assertThat(service.call(key, "POST", path, "{\"picture\":false}")
                            .body()
                            .has("insight"))
                    .isFalse();

            // On demand, it also has the prefixes of key names. These are shown but not stored.
            JsonNode byPrefix = service.call(key, "POST", path, "{\"prefixes\":true,\"forecastMinutes\":60}")
                    .body();
            assertThat(byPrefix.at("/insight/prefixes/0/prefix").asString()).isEqualTo("live:");
            assertThat(byPrefix.at("/insight/prefixes/0/withTtl/keys").asLong()).isEqualTo(1);
            assertThat(byPrefix.at("/insight/prefixes/0").has("dead")).isFalse();
            assertThat(byPrefix.at("/insight/deadMissing").asString())
                    .contains("run CONFIG SET notify-keyspace-events Ex for the time of an estimate");
            assertThat(byPrefix.at("/insight/forecast/steps")).hasSize(6);

            JsonNode stored = service.call(key, "GET", path, "").body();
            assertThat(stored.at("/insight/forecast")).isEqualTo(byPrefix.at("/insight/forecast"));
            assertThat(stored.get("insight").has("prefixes"))
                    .as("names are not stored")
                    .isFalse();
            assertThat(stored.get("insight").has("deadMissing")).isFalse();

            // A full count is exact, and removes no key.
            Answer exact = service.call(key, "POST", path, "{\"exact\":true}");
            assertThat(exact.status()).isEqualTo(200);
            assertThat(exact.body().get("dead").asLong()).isEqualTo(DEAD);
            assertThat(exact.body().get("exact").asBoolean()).isTrue();
            assertThat(exact.body().get("by").asString()).isEqualTo(key.accessKey());
            assertThat(exact.body().get("deadBytes").asLong()).isPositive();
            assertThat(service.call(key, "GET", path, "").body()).isEqualTo(exact.body());
            assertThat(keys.size(0)).isEqualTo(LIVE + DEAD);

            // Each of the four estimates is a point in the trends.
            JsonNode history = service.call(key, "GET", path.replace("/estimates", "/trends?days=1"), "")
                    .body();
            assertThat(history.get("points").size()).isEqualTo(4);
            assertThat(history.at("/points/3/deadKeys").asLong()).isEqualTo(DEAD);
            assertThat(history.at("/points/3/scans").asInt()).isZero();
        }
    }

    @Test
    void estimate_withoutAReplica_isRefused_unlessThePrimaryMayBeSampled(SharedServices services) {
        TestService service = services.h2();
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 500);
            Credentials key = service.newAdministrator("estimates without a replica");
            String instanceId = service.register(key, "alone", redis.uri());
            String path = "/api/v1/instances/" + instanceId + "/estimates";

            // By default, neither a sample nor a full count reads the primary.
            assertRefused(
                    service.call(key, "POST", path, ""),
                    "samplePrimary is necessary, because no replica can be read: ");
            assertRefused(
                    service.call(key, "POST", path, "{\"exact\":true}"),
                    "exact is not possible, because no replica can be read: ");

            // A sample of the primary reclaims the dead keys in it.
            Answer sampled = service.call(key, "POST", path, "{\"samplePrimary\":true}");
            assertThat(sampled.status()).isEqualTo(200);
            assertThat(sampled.body().at("/primaries/0/method").asString()).isEqualTo("PRIMARY_SAMPLE");
            assertThat(sampled.body().at("/primaries/0/reclaimed").asLong()).isPositive();

            // A key of another project does not see the estimate.
            Credentials otherTeam = service.project("no estimates");
            assertThat(service.call(otherTeam, "GET", path, "").status()).isEqualTo(404);

            // If the server is down, the last estimate is kept.
            redis.kill();
            Answer unreachable = service.call(key, "POST", path, "{\"samplePrimary\":true}");
            assertThat(unreachable.body().get("code").asString()).isEqualTo(ErrorCode.INSTANCE_NOT_RUNNING.code());
            assertThat(service.call(key, "GET", path, "").body()).isEqualTo(sampled.body());
            assertThat(service.call(key, "DELETE", "/api/v1/instances/" + instanceId, "")
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    void estimate_withInvalidFields_isRefused(SharedServices services) {
        TestService service = services.h2();
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            Credentials key = service.newAdministrator("invalid estimates");
            String path = "/api/v1/instances/" + service.register(key, "invalid", redis.uri()) + "/estimates";

            assertRefused(service.call(key, "POST", path, "{\"exakt\":true}"), "exakt is unknown");
            assertRefused(service.call(key, "POST", path, "{\"exact\":1}"), "exact is '1', must be true or false");
            assertRefused(
                    service.call(key, "POST", path, "{\"forecastMinutes\":43200,\"stepMinutes\":10}"),
                    "stepMinutes is '10', must be at least");
            assertRefused(service.call(key, "POST", path, "{\"depth\":9}"), "depth is '9', must be");
            assertRefused(
                    service.call(key, "POST", path, "{\"prefixes\":true,\"picture\":false}"),
                    "prefixes need the picture: set picture to true, or leave it out.");
        }
    }

    @Test
    void estimateWithPrefixes_ofAServerThatPublishesNames_hasTheDeadKeysByPrefix(SharedServices services) {
        TestService service = services.h2();
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--notify-keyspace-events", "Ex");
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            Credentials key = service.newAdministrator("estimates with names");
            String path = "/api/v1/instances/" + service.register(key, "named", redis.uri()) + "/estimates";

            JsonNode insight = service.call(key, "POST", path, "{\"prefixes\":true,\"samplePrimary\":true}")
                    .body()
                    .get("insight");

            assertThat(insight.at("/prefixes/0/prefix").asString()).isEqualTo("dead:");
            assertThat(insight.at("/prefixes/0/dead/keys").asLong()).isEqualTo(DEAD);
            assertThat(insight.has("deadMissing")).isFalse();
        }
    }

    @Test
    void estimateWithPrefixes_underACeilingThatKeepsNamesOnTheServer_isRefused(SharedServices services) {
        TestService service = services.h2();
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            Credentials key = service.newAdministrator("estimates without names");
            String instanceId = service.register(key, "nameless", redis.uri());
            String path = "/api/v1/instances/" + instanceId + "/estimates";
            String ceilings = "/api/v1/instances/" + instanceId + "/ceilings";
            assertThat(service.call(key, "PUT", ceilings, "{\"namesStay\":true}")
                            .status())
                    .isEqualTo(200);
            assertRefused(
                    service.call(key, "POST", path, "{\"prefixes\":true,\"samplePrimary\":true}"),
                    "prefixes is not possible: a ceiling of the instance keeps key names on the server (namesStay)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void estimateAndKnownCliffs_ofAnInstanceThatGetsAnotherAddress_areRemoved(String dialect, SharedServices services) {
        TestService service = services.on(dialect);
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 500);
            Credentials key = service.newAdministrator("estimates of moved instances");
            String instanceId = service.register(key, "moving", redis.uri());
            String path = "/api/v1/instances/" + instanceId;
            addEstimateAndCliff(service, key, instanceId);

            // Other tags keep them.
            service.call(key, "PATCH", path, "{\"tags\":{\"env\":\"qa\"}}");
            assertThat(service.call(key, "GET", path + "/estimates", "").status())
                    .as("the instance has not moved")
                    .isEqualTo(200);
            assertThat(cliffs(service, instanceId)).isEqualTo(1);

            // Another URI removes them.
            Answer moved = service.call(key, "PATCH", path, "{\"uri\":\"redis://127.0.0.1:1\"}");
            assertThat(moved.status()).as(moved.response().body()).isEqualTo(200);
            assertThat(service.call(key, "GET", path + "/estimates", "").status())
                    .isEqualTo(404);
            assertThat(cliffs(service, instanceId)).isZero();

            // Another URI in a fleet document also removes them.
            service.call(key, "PATCH", path, "{\"uri\":\"" + redis.uri() + "\"}");
            addEstimateAndCliff(service, key, instanceId);
            Answer applied = service.call(
                    key,
                    "POST",
                    "/api/v1/instances/apply",
                    "{\"instances\":[{\"name\":\"moving\",\"uri\":\"redis://127.0.0.1:1\"}]}");
            assertThat(applied.status()).as(applied.response().body()).isEqualTo(200);
            assertThat(service.call(key, "GET", path + "/estimates", "").status())
                    .as("after a fleet document")
                    .isEqualTo(404);
            assertThat(cliffs(service, instanceId)).isZero();
        }
    }

    /** Makes an estimate on the primary, and stores a cliff, because a forecast of so few keys has none. */
    private static void addEstimateAndCliff(TestService service, Credentials key, String instanceId) {
        Answer estimate =
                service.call(key, "POST", "/api/v1/instances/" + instanceId + "/estimates", "{\"samplePrimary\":true}");
        assertThat(estimate.status()).as(estimate.response().body()).isEqualTo(200);
        service.bean(JdbcClient.class)
                .sql("insert into instance_cliff (instance_id, begins_at, ends_at, backlog, expected)"
                        + " values (?, current_timestamp, current_timestamp, 7, true)")
                .param(UUID.fromString(instanceId))
                .update();
    }

    private static int cliffs(TestService service, String instanceId) {
        return service.bean(JdbcClient.class)
                .sql("select count(*) from instance_cliff where instance_id = ?")
                .param(UUID.fromString(instanceId))
                .query(Integer.class)
                .single();
    }

    private static void assertRefused(Answer answer, String detail) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString()).contains(detail);
    }
}
