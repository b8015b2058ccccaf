package io.keysweep.server.assist;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.Waits;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Runs a scan whose assist lasts until a test ends it, on a server with live and dead keys.
 *
 * <p>The scan reaches its server through an {@link EndlessExpiryProxy}.
 */
final class AssistedScan implements AutoCloseable {

    private static final int LIVE = 2_000;
    private static final int DEAD = 1_000;

    private final TestService service;
    private final Credentials key;
    private final AssistRequests requests;
    private final RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
    private final RespClient client = redis.client();
    private final EndlessExpiryProxy proxy = new EndlessExpiryProxy(redis);
    private final String instanceId;
    private final JsonNode scan;

    /** Creates the scan, and waits until assist has raised the settings of the server. */
    AssistedScan(TestService service, Credentials key) {
        this.service = service;
        this.key = key;
        requests = new AssistRequests(service, key);
        KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
        instanceId = requests.register(proxy.uri());
        requests.allowAssist(instanceId);
        scan = requests.create(instanceId, /* fields= */ "").created();
        awaitRaises(1);
    }

    String instanceId() {
        return instanceId;
    }

    /** Returns the values of hz, active-expire-effort and lazyfree-lazy-expire on the server. */
    List<String> settings() {
        return EndlessExpiryProxy.settings(client);
    }

    /** Returns how often the settings were raised. */
    long countRaises() {
        return proxy.changes().stream()
                .filter(change -> change.equals("active-expire-effort 10"))
                .count();
    }

    /** Waits until the settings were raised a number of times. */
    void awaitRaises(long times) {
        Waits.await("the settings are raised").until(() -> countRaises() >= times);
    }

    /** Changes the pace of the scan. */
    Answer tune(String body) {
        return service.call(key, "PATCH", AssistRequests.scanPath(scan), body);
    }

    /** Pauses, resumes or cancels the scan. */
    void control(String verb) {
        service.call(key, "POST", AssistRequests.scanPath(scan) + "/" + verb, "");
    }

    /** Waits until the sweep is on hold for a reason that begins with this text. */
    void awaitHold(String reason) {
        requests.await(
                scan, now -> now.get("sweeps").get(0).path("hold").asString("").startsWith(reason));
    }

    /** Waits until the scan has ended, and returns it. */
    JsonNode awaitEnd() {
        return requests.awaitEnd(scan);
    }

    @Override
    public void close() {
        proxy.close();
        client.close();
        redis.close();
    }
}
