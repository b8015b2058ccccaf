package io.keysweep.server.notify;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests the test of a webhook: the service sends one ping to the real receiver, and answers with the result.
 *
 * <p>The base class provides {@code service}, {@code receiver}, and {@code hooks}, which sends requests about webhooks.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class WebhookPingIT extends WebhooksTestCase {

    private final String dialect;

    WebhookPingIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        use(services.on(dialect));
    }

    @Test
    void test_ofAWebhook_isDeliveredWithASignature() {
        Credentials teamKey = service.project("webhooks ping");
        JsonNode hook = hooks.create(teamKey, "{\"url\":\"" + receiver.url() + "\"}");
        String path = "/api/v1/webhooks/" + hook.get("id").asString();

        JsonNode delivered = service.call(teamKey, "POST", path + "/test", "").body();

        assertThat(delivered.get("state").asString()).isEqualTo("delivered");

        Receiver.Received ping =
                hooks.receivedUnder(delivered.get("id").asString()).getFirst();
        assertThat(ping.type()).isEqualTo("ping");
        assertThat(ping.signedBy(hook.get("secret").asString())).isTrue();
    }

    @Test
    void test_thatFails_canBeRedelivered() {
        // Nothing listens at the URL of this webhook, so the delivery fails.
        Credentials teamKey = service.project("webhooks dead");
        String path = "/api/v1/webhooks/"
                + hooks.create(teamKey, "{\"url\":\"http://127.0.0.1:9/\"}")
                        .get("id")
                        .asString();
        JsonNode failed = service.call(teamKey, "POST", path + "/test", "").body();

        assertThat(failed.get("state").asString()).isEqualTo("dead");
        assertThat(failed.get("attempts").asInt()).isEqualTo(1);
        assertThat(failed.get("error").asString()).startsWith("nothing listens at the address");
        assertThat(service.call(teamKey, "GET", path + "/deliveries?state=dead", "")
                        .body()
                        .get(0))
                .isEqualTo(failed);

        // No delivery has this state.
        assertThat(service.call(teamKey, "GET", path + "/deliveries?state=lost", "")
                        .body()
                        .get("detail")
                        .asString())
                .isEqualTo("state is 'lost', must be one of pending, delivered, dead.");

        // With the URL of the receiver, the failed delivery can be repeated.
        assertThat(hooks.put(teamKey, path, "{\"url\":\"" + receiver.url() + "\"}", /* ifMatch= */ null)
                        .status())
                .isEqualTo(200);

        String delivery = path + "/deliveries/" + failed.get("id").asString();
        assertThat(service.call(teamKey, "POST", delivery + "/redeliver", "")
                        .body()
                        .get("state")
                        .asString())
                .isEqualTo("pending");

        await("the delivery is accepted")
                .until(() -> service.call(teamKey, "GET", delivery, "")
                        .body()
                        .get("state")
                        .asString()
                        .equals("delivered"));
        assertThat(hooks.receivedUnder(failed.get("id").asString())).hasSize(1);
    }

    @Test
    void tests_ofASilentReceiver_areRefusedAboveALimit() throws Exception {
        Credentials teamKey = service.project("webhooks silent");
        int moreTestsThanTheLimit = 12;
        List<Future<Answer>> tests = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
                String path = "/api/v1/webhooks/"
                        + hooks.create(teamKey, "{\"url\":\"" + url + "\"}")
                                .get("id")
                                .asString() + "/test";

                // The receiver does not answer, so only a refused test ends.
                for (int i = 0; i < moreTestsThanTheLimit; i++) {
                    tests.add(callers.submit(() -> service.call(teamKey, "POST", path, "")));
                }
                await("a test ends").until(() -> tests.stream().anyMatch(Future::isDone));
            }
            // The socket is closed, so the tests that wait fail.
        }

        List<Integer> statuses = new ArrayList<>();
        for (Future<Answer> test : tests) {
            statuses.add(test.get().status());
        }

        assertThat(statuses).containsOnly(200, 429);
    }

    @Test
    void test_ofAWebhookThatIsRemovedDuringTheTest_isAnsweredWithNotFound() throws Exception {
        Credentials teamKey = service.project("webhooks removed");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> test;
            try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
                String path = "/api/v1/webhooks/"
                        + hooks.create(teamKey, "{\"url\":\"" + url + "\"}")
                                .get("id")
                                .asString();
                test = callers.submit(() -> service.call(teamKey, "POST", path + "/test", ""));

                // The receiver has the request, and answers nothing. Meanwhile, the webhook is removed.
                try (Socket connection = silent.accept()) {
                    assertThat(connection.isConnected()).isTrue();
                    assertThat(service.call(teamKey, "DELETE", path, "").status())
                            .isEqualTo(204);
                }
            }

            assertThat(test.get().status()).isEqualTo(404);
        }
    }

    @Test
    void test_whoseReceiverAnswers410_disablesTheWebhook_andTheAuditLogSaysSo() {
        Credentials teamKey = service.project("webhooks gone");
        JsonNode hook = hooks.create(teamKey, "{\"url\":\"" + receiver.url() + "\"}");
        String id = hook.get("id").asString();

        receiver.next(410);
        service.call(teamKey, "POST", "/api/v1/webhooks/" + id + "/test", "");
        JsonNode entries = service.call(
                        service.administrator(), "GET", "/api/v1/audit?action=testWebhook&resource=" + id, "")
                .body()
                .get("entries");

        assertThat(entries).hasSize(1);

        JsonNode change = entries.get(0).get("changes").get(0);
        assertThat(change.get("before").get("enabled").asBoolean()).isTrue();
        assertThat(change.get("after").get("enabled").asBoolean()).isFalse();
    }
}
