package io.keysweep.server.notify;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests that a service killed with -9 during a delivery repeats the delivery under the same id after a restart. */
@Order(1)
class KilledDeliveryIT {

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void kill_inTheMiddleOfADelivery_repeatsItUnderItsId(String dialect) throws Exception {
        Map<String, String> variables = dialect.equals("h2")
                ? Map.of()
                : Map.of(
                        "KEYSWEEP_DATABASE_URL",
                        TestDatabase.postgresUrl(),
                        // A worker counts as dead after four missed heartbeats.
                        "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                        "1");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                Receiver receiver = Receiver.start();
                ServiceProcess service = ServiceProcess.start(home, variables)) {
            KeySpace.frozen(redis.client()).plant(0, 100, 50);
            JsonNode hook = service.call("POST", "/api/v1/webhooks", "{\"url\":\"" + receiver.url() + "\"}");
            receiver.hangNext();
            String scanId = service.create(service.register("killed", redis.uri()));
            await("the first attempt arrives").until(() -> receiver.received().size() == 1);
            service.kill();
            service.restart();
            await("the second attempt arrives").until(() -> receiver.received().size() == 2);

            String path = "/api/v1/webhooks/" + hook.get("id").asString() + "/deliveries";
            await("the delivery is accepted")
                    .until(() ->
                            service.get(path).get(0).get("state").asString().equals("delivered"));
            assertThat(service.get(path).size()).isEqualTo(1);
            assertThat(receiver.received())
                    .hasSize(2)
                    .allMatch(received -> received.signedBy(hook.get("secret").asString()))
                    .allMatch(received ->
                            received.json().at("/data/scanId").asString().equals(scanId));
            assertThat(receiver.received())
                    .extracting(Receiver.Received::id)
                    .containsOnly(service.get(path).get(0).get("id").asString());
        }
    }
}
