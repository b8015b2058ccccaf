package io.keysweep.server.dcs;

import static io.keysweep.server.dcs.DcsErrors.assertDcsError;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tests that the DCS API refuses to create a scan on a server that cannot be swept, with the reason.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnfitServersIT {

    /** The beginning of the message about a server that can never be swept. */
    private static final String NOT_SUPPORTED = "Do not support auto expire scan.";

    /** The beginning of the message about a server that cannot be reached at the moment. */
    private static final String NOT_RUNNING = "The instance status is not running.";

    private TestService service;
    private Credentials key;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("unfit servers");
    }

    @Test
    void create_onRedis28_isNotSupported() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_2_8)) {
            assertRefused(create(redis.uri()), "DCS.4818", NOT_SUPPORTED, "2.8");
        }
    }

    @Test
    void create_onAReplica_isNotSupportedAndNamesThePrimary() {
        try (RedisServer primary = startPrimary();
                RedisServer replica = startReplica(primary)) {
            assertRefused(create(replica.uri()), "DCS.4818", NOT_SUPPORTED, "127.0.0.1:" + primary.port());
        }
    }

    @Test
    void create_onAReplicaThatLostItsPrimary_isNotSupported() {
        try (RedisServer replica = RedisServer.start(
                RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "no")) {
            assertRefused(create(replica.uri()), "DCS.4818", NOT_SUPPORTED, "replica");
        }
    }

    @Test
    void automaticScan_ofAServerThatCannotBeSwept_cannotBeSwitchedOn() {
        try (RedisServer old = RedisServer.start(RedisVersion.REDIS_2_8);
                RedisServer primary = startPrimary();
                RedisServer replica = startReplica(primary);
                RespClient admin = primary.client()) {
            admin.call("ACL", "SETUSER", "weak", "on", ">pw", "~*", "+@all", "-scan");

            // An old version, a replica, and a user who must not run SCAN.
            assertRefused(automatic(old.uri(), /* enabled= */ true), "DCS.4818", NOT_SUPPORTED, "2.8");
            assertRefused(automatic(replica.uri(), /* enabled= */ true), "DCS.4818", NOT_SUPPORTED, "replica");
            assertRefused(
                    automatic(primary.uri(), "weak", "pw", /* enabled= */ true), "DCS.4818", NOT_SUPPORTED, "scan");

            // Automatic scans can be switched off everywhere, and on at a fit server. A server that is down may be up
            // when the first scan starts.
            assertThat(automatic(old.uri(), /* enabled= */ false).status()).isEqualTo(200);
            assertThat(automatic(primary.uri(), /* enabled= */ true).status()).isEqualTo(200);
            assertThat(automatic("redis://127.0.0.1:1", /* enabled= */ true).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void create_onAServerThatIsDown_isNotRunning() {
        assertRefused(create("redis://127.0.0.1:1"), "DCS.4049", NOT_RUNNING, "127.0.0.1:1");
    }

    @Test
    void create_withWrongOrNoPassword_isNotRunning() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "right")) {
            assertRefused(create(redis.uri(), /* username= */ null, "wrong"), "DCS.4049", NOT_RUNNING, "password");
            assertRefused(create(redis.uri()), "DCS.4049", NOT_RUNNING, "password");
            Answer created = create(redis.uri(), /* username= */ null, "right");
            assertThat(created.status()).isEqualTo(200);
        }
    }

    @Test
    void create_asAUserWithoutScan_namesTheCommand() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient admin = redis.client()) {
            admin.call("ACL", "SETUSER", "weak", "on", ">pw", "~*", "+@all", "-scan");
            assertRefused(create(redis.uri(), "weak", "pw"), "DCS.4818", NOT_SUPPORTED, "scan");
        }
    }

    @Test
    void create_onAPortThatSaysNothing_isNotRunning() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    create("redis://127.0.0.1:" + silent.getLocalPort()),
                    "DCS.4049",
                    NOT_RUNNING,
                    "127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void create_onAPortThatSpeaksHttp_isNotRunning() {
        String uri = service.endpoint().replace("http://", "redis://");
        assertRefused(create(uri), "DCS.4049", NOT_RUNNING, uri.substring(8));
    }

    @Test
    void create_whileTheServerLoads_isNotRunning() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            for (int i = 0; i < 2000; i++) {
                client.call("SET", "k" + i, "v".repeat(1_000));
            }
            client.call("SAVE");

            // Loading takes 30 ms for each of 2,000 keys. The server answers now and then in the meantime.
            redis.restart("--key-load-delay", "30000", "--loading-process-events-interval-bytes", "1024");
            assertRefused(create(redis.uri()), "DCS.4049", NOT_RUNNING, "load");
        }
    }

    /** Starts a primary that sends its data to a new replica without a delay. */
    private static RedisServer startPrimary() {
        return RedisServer.start(RedisVersion.REDIS_7_0, "--repl-diskless-sync-delay", "0");
    }

    /** Starts a replica, and waits until it has loaded the data of its primary. It refuses commands before that. */
    private static RedisServer startReplica(RedisServer primary) {
        RedisServer replica = RedisServer.start(RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1 " + primary.port());
        try (RespClient onPrimary = primary.client();
                RespClient onReplica = replica.client()) {
            Replication.awaitSynchronised(onPrimary, onReplica);
        }
        return replica;
    }

    private Answer create(String uri) {
        return create(uri, /* username= */ null, /* password= */ null);
    }

    /** Registers an instance with this URI, and requests a scan of it. */
    private Answer create(String uri, @Nullable String username, @Nullable String password) {
        return call("POST", "/scan-expire-keys-task", "", uri, username, password);
    }

    private Answer automatic(String uri, boolean enabled) {
        return automatic(uri, /* username= */ null, /* password= */ null, enabled);
    }

    /** Registers an instance with this URI, and switches its automatic scans on or off. */
    private Answer automatic(String uri, @Nullable String username, @Nullable String password, boolean enabled) {
        String body = "{\"enable_auto_scan\":" + enabled + ",\"first_scan_at\":\"2099-01-01T00:00:00Z\","
                + "\"interval\":3600,\"timeout\":7200,\"scan_keys_count\":10}";
        return call("PUT", "/scan-expire-keys/autoscan-config", body, uri, username, password);
    }

    /** Registers an instance, and calls an operation of it. */
    private Answer call(
            String method,
            String path,
            String request,
            String uri,
            @Nullable String username,
            @Nullable String password) {
        ObjectNode body = new JsonMapper()
                .createObjectNode()
                .put("name", "unfit-" + UUID.randomUUID())
                .put("uri", uri);
        if (username != null) {
            body.put("username", username);
        }
        if (password != null) {
            body.put("password", password);
        }
        String id = service.register(key, body);
        return service.call(key, method, "/v2/" + key.projectId() + "/instances/" + id + path, request);
    }

    /** Asserts a refusal with status 400 whose message contains a detail. */
    private static void assertRefused(Answer answer, String code, String message, String detail) {
        assertDcsError(answer, 400, code, message);
        assertThat(answer.body().get("error_msg").asString().substring(message.length()))
                .containsIgnoringCase(detail);
    }
}
