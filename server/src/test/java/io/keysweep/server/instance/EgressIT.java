package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.FakePeer;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests that the service never connects to an address that its operator denies.
 *
 * <p>The denied address is 127.0.0.2, at which a trap listens and counts connections. In these tests, users name the
 * address, and servers announce it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EgressIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String INSTANCES = "/api/v1/instances";

    private final FakePeer trap = FakePeer.trap("127.0.0.2");
    private TestService service;
    private Credentials key;
    private RedisServer redis;

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(
                home,
                Map.of(
                        "KEYSWEEP_EGRESS_DENIED_NETWORKS", "127.0.0.2, 169.254.0.0/16",
                        "KEYSWEEP_EGRESS_PORTS", "1024-65535"));
        key = service.administrator();
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
    }

    @AfterAll
    void stop() {
        service.close();
        redis.close();
        trap.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unix:///run/redis.sock | | uri contains '/run/redis.sock' | egress.unix-sockets",
                "redis://127.0.0.2:6379 | | uri contains '127.0.0.2:6379' | 127.0.0.2/32, which egress.denied-networks",
                "redis://127.0.0.1:22 | | uri contains '127.0.0.1:22' | port 22 is none of egress.ports (1024-65535)",
                "redis://169.254.169.254 | | uri contains '169.254.169.254:6379' | is the metadata service of a cloud",
                "rediss://[::ffff:a9fe:a9fe] | | uri contains '[::ffff:a9fe:a9fe]:6379' | metadata service of a cloud",
                "redis-sentinel://127.0.0.1,169.254.1.1#m | | uri contains '169.254.1.1:26379' | 169.254.0.0/16",
                "redis-cluster://127.0.0.1,[fd00:ec2::254] | | uri contains '[fd00:ec2::254]:6379' | metadata",
                "redis-cluster://127.0.0.1 | a:1=127.0.0.2:6379 | nodeMap contains '127.0.0.2:6379' | 127.0.0.2/32",
                "redis-cluster://127.0.0.1 | a=127.0.0.2 | nodeMap contains '127.0.0.2' | 127.0.0.2/32",
            })
    void registration_ofADeniedAddress_isRefused_withFieldValueAndRule(
            String uri, String nodeMap, String value, String rule) {
        var document =
                JSON.createObjectNode().put("name", "denied").put("uri", uri).put("nodeMap", nodeMap);
        var fleet = JSON.createObjectNode();
        fleet.putArray("instances").add(document);

        // The rule applies to a registration, to a test of an address, and to a whole fleet.
        for (Answer answer : new Answer[] {
            service.call(key, "POST", INSTANCES, document.toString()),
            service.call(key, "POST", INSTANCES + "/test", document.toString()),
            service.call(key, "POST", INSTANCES + "/apply", fleet.toString())
        }) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().get("detail").asString())
                    .contains(value)
                    .contains("must be an address that the service may connect to: ")
                    .contains(rule);
        }
    }

    @Test
    void changeOfAnInstance_toADeniedAddress_isRefused() {
        String id = service.register(key, "changed", redis.uri());
        Answer answer = service.call(key, "PATCH", INSTANCES + "/" + id, "{\"uri\":\"redis://127.0.0.2:6379\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString()).contains("uri contains '127.0.0.2:6379'");
        assertThat(service.call(key, "GET", INSTANCES + "/" + id, "")
                        .body()
                        .get("uri")
                        .asString())
                .isEqualTo(redis.uri());
    }

    @Test
    void cluster_thatAnnouncesADeniedAddress_cannotBeScanned() {
        // The cluster says that one node, at the denied address, serves all slots.
        try (FakePeer cluster = FakePeer.start(command -> command.contains("SLOTS")
                ? FakePeer.array(FakePeer.array(
                        FakePeer.integer(0),
                        FakePeer.integer(16_383),
                        FakePeer.array(
                                FakePeer.bulk("127.0.0.2"),
                                FakePeer.integer(trap.port()),
                                FakePeer.bulk("a".repeat(40)))))
                : "+OK\r\n")) {
            JsonNode registration = JSON.createObjectNode()
                    .put("name", "lying")
                    .put("uri", "redis-cluster://127.0.0.1:" + cluster.port())
                    .put("password", "open sesame");
            String id = service.register(key, registration);

            // Neither a test, a scan nor an estimate connects to the address.
            Answer test = service.call(key, "POST", INSTANCES + "/" + id + "/test", "");

            assertThat(test.body().get("problem").asString())
                    .isEqualTo("127.0.0.2:" + trap.port() + " must not be connected to: 127.0.0.2 is in 127.0.0.2/32,"
                            + " which egress.denied-networks contains");
            assertThat(service.call(
                                    key,
                                    "POST",
                                    "/v2/" + key.projectId() + "/instances/" + id + "/scan-expire-keys-task",
                                    "")
                            .errorCode())
                    .isEqualTo(ErrorCode.SCAN_NOT_SUPPORTED.code());
            assertThat(service.call(key, "POST", INSTANCES + "/" + id + "/estimates", "{\"samplePrimary\":true}")
                            .status())
                    .isEqualTo(400);
            assertThat(trap.connections()).isZero();
        }
    }

    @Test
    void webhook_toADeniedAddress_isRefused() {
        Answer answer =
                service.call(key, "POST", "/api/v1/webhooks", "{\"url\":\"http://127.0.0.2:" + trap.port() + "/\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("detail").asString())
                .contains("url leads to a host that the service may not connect to: 127.0.0.2 is in 127.0.0.2/32");

        // Its port is denied, whatever the address of the name is.
        assertThat(service.call(key, "POST", "/api/v1/webhooks", "{\"url\":\"http://h.example/\"}")
                        .body()
                        .get("detail")
                        .asString())
                .contains("port 80 is none of egress.ports");
        assertThat(trap.connections()).isZero();
    }
}
