package io.keysweep.server.instance;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Provides a service, an administrator with a separate project, and two servers for instances. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InstancesTestCase {

    static final String INSTANCES = "/api/v1/instances";

    /** The password of the guarded server. */
    static final String PASSWORD = "secret one";

    private static final JsonMapper JSON = new JsonMapper();

    TestService service;
    Credentials key;

    /** A server without a password. */
    RedisServer redis;

    /** A server that requires {@link #PASSWORD}. */
    RedisServer guarded;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator(getClass().getSimpleName());
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        guarded = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", PASSWORD);
    }

    @AfterAll
    void stop() {
        redis.close();
        guarded.close();
    }

    /** Returns the body of a request that registers an instance. */
    static ObjectNode body(String name, String uri) {
        return JSON.createObjectNode().put("name", name).put("uri", uri);
    }

    /** Changes an instance under the condition {@code ifMatch}; {@code *} allows any revision. */
    Answer patch(String path, String body, String ifMatch) {
        return service.call(key, "PATCH", path, body, Map.of("If-Match", ifMatch));
    }
}
