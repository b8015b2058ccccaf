package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.testkit.Waits.await;

import com.microsoft.playwright.Page;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Runs a service, a Redis server and a browser for the tests of the console. Each test class has its own, because a
 * global hold in one class would stop the scans of the others.
 */
final class ConsoleFixture implements AutoCloseable {

    static final int LIVE_KEYS = 20_000;
    static final String UNREACHABLE_URI = "redis://127.0.0.1:1";

    /** The rate ceiling in keys a second at which a scan takes five minutes, so that a test controls it in time. */
    static final String SLOW_RATE = "100";

    private static final int DEAD_KEYS = 10_000;

    private final TestService service;
    private final ConsoleBrowser browser;
    private final RedisServer redis;
    private final KeySpace keySpace;
    private int lastName;

    private ConsoleFixture(TestService service, ConsoleBrowser browser, RedisServer redis) {
        this.service = service;
        this.browser = browser;
        this.redis = redis;
        this.keySpace = KeySpace.frozen(redis.client()).plant(0, LIVE_KEYS, 0);
    }

    /** Starts all three, with the home folder of the service in {@code home}. */
    static ConsoleFixture start(Path home) {
        RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
        TestService service = TestService.start(home, Map.of());
        return new ConsoleFixture(service, ConsoleBrowser.start(service), redis);
    }

    TestService service() {
        return service;
    }

    ConsoleBrowser browser() {
        return browser;
    }

    Credentials administrator() {
        return service.administrator();
    }

    String redisUri() {
        return redis.uri();
    }

    /** Returns the number of keys in database 0, live and dead. */
    long keys() {
        return keySpace.size(0);
    }

    /** Replaces the dead keys that scans have reclaimed. */
    void plantDeadKeys() {
        keySpace.plant(0, 0, Math.toIntExact(LIVE_KEYS + DEAD_KEYS - keys()));
    }

    /** Returns a name that no other instance of this fixture has. */
    String newName() {
        return "instance-" + ++lastName;
    }

    /** Registers an instance through the API and returns its id. */
    String register(Credentials key, String name, String uri) {
        return service.register(key, name, uri);
    }

    /** Starts a slow scan as the administrator and returns its id. */
    String startSlowScan(String instanceId) {
        return startSlowScan(administrator(), instanceId);
    }

    /** Starts a slow scan through the API and returns its id. */
    String startSlowScan(Credentials key, String instanceId) {
        String body = "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":" + SLOW_RATE + "}";
        return service.call(key, "POST", "/api/v1/scans", body).body().get("id").asString();
    }

    /** Finishes a scan of the administrator's project. */
    void finishScan(String scanId) {
        finishScan(administrator(), scanId);
    }

    /** Resumes a scan, removes its rate ceiling, and waits until it has ended. */
    void finishScan(Credentials key, String scanId) {
        String path = "/api/v1/scans/" + scanId;
        service.call(key, "POST", path + "/resume", "");
        service.call(key, "PATCH", path, "{\"profile\":\"full\",\"rateCeiling\":null}");
        await("the scan has ended")
                .until(() -> service.call(key, "GET", path, "").body().has("finishedAt"));
    }

    /** Creates an access key with these actions in the project of {@code owner}. */
    Credentials accessKey(Credentials owner, String... actions) {
        JsonNode created = service.call(
                        administrator(),
                        "POST",
                        "/api/v1/projects/" + owner.projectId() + "/access-keys",
                        "{\"actions\":[\"" + String.join("\",\"", actions) + "\"]}")
                .body();
        return new Credentials(
                owner.projectId(),
                created.get("accessKey").asString(),
                created.get("secretKey").asString());
    }

    /** Opens the page of a scan and waits until it lists the nodes. */
    static void openScan(Page page, String scanId) {
        page.navigate("/console/scans/" + scanId);
        expect(page.locator("#nodes")).isVisible();
    }

    @Override
    public void close() {
        browser.close();
        service.close();
        redis.close();
    }
}
