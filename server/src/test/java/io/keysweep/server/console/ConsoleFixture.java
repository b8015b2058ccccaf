package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.testkit.Waits.await;

import com.microsoft.playwright.Page;
import io.keysweep.server.SharedServices;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Provides a service, a Redis server and a browser to the tests of the console.
 *
 * <p>Most classes share one service. A class that sets a global hold starts its own service, because such a hold stops
 * the scans of all projects.
 */
final class ConsoleFixture implements AutoCloseable {

    /** How sure the advice of {@link #advise(String, String, String)} is. */
    private static final String BASIS =
            "The figures of the ways rest on a measurement: by the TTLs of a sample, about 12 keys die per second that"
                    + " no client removes. Backlogs that the server's own expiry leaves are right within a factor of"
                    + " three.";

    private static final JsonMapper JSON = new JsonMapper();

    static final int LIVE_KEYS = 20_000;
    static final String UNREACHABLE_URI = "redis://127.0.0.1:1";

    /**
     * The rate ceiling, in keys per second, of a slow scan. The scan takes five minutes, so a test can control it
     * before it ends.
     */
    static final String SLOW_RATE = "100";

    private static final int DEAD_KEYS = 10_000;

    private final TestService service;
    private final ConsoleBrowser browser;
    private final Credentials administrator;
    private final boolean isShared;
    private final RedisServer redis;
    private final KeySpace keySpace;
    private int lastName;

    private ConsoleFixture(TestService service, ConsoleBrowser browser, Credentials administrator, boolean isShared) {
        this.service = service;
        this.browser = browser;
        this.administrator = administrator;
        this.isShared = isShared;
        this.redis = RedisServer.start(RedisVersion.REDIS_7_0);
        this.keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE_KEYS, /* dead= */ 0);
    }

    /** Starts a service with the home folder {@code home}, a Redis server and a browser. */
    static ConsoleFixture start(Path home) {
        TestService service = TestService.start(home, Map.of());
        return new ConsoleFixture(
                service, ConsoleBrowser.start(service), service.administrator(), /* isShared= */ false);
    }

    /** Starts a Redis server, creates a project in the shared service, and uses the shared browser. */
    static ConsoleFixture shared(SharedServices services, SharedBrowser chromium, String project) {
        TestService service = services.h2();
        return new ConsoleFixture(
                service, ConsoleBrowser.of(chromium, service), service.newAdministrator(project), /* isShared= */ true);
    }

    TestService service() {
        return service;
    }

    ConsoleBrowser browser() {
        return browser;
    }

    Credentials administrator() {
        return administrator;
    }

    String redisUri() {
        return redis.uri();
    }

    RedisServer redis() {
        return redis;
    }

    /** Returns the number of keys in database 0, live and dead. */
    long keys() {
        return keySpace.size(0);
    }

    /** Plants as many dead keys as scans have reclaimed, so that each test begins with {@link #DEAD_KEYS}. */
    void plantDeadKeys() {
        int missing = Math.toIntExact(LIVE_KEYS + DEAD_KEYS - keys());
        keySpace.plant(/* db= */ 0, /* live= */ 0, missing);
    }

    /**
     * Plants keys with TTLs from a minute to three days. 900 of them expire together, which a forecast shows as a
     * cliff.
     */
    void plantTtls() {
        redis.client()
                .call(
                        "EVAL",
                        "for i = 1, 3000 do redis.call('SET', 'session:' .. i, ('x'):rep(i), 'EX', 60 + i * 87) end"
                                + " for i = 1, 900 do redis.call('SET', 'cart:' .. i, 'x', 'EX', 40000) end",
                        "0");
    }

    /** Returns a name that no other instance of this fixture has. */
    String newName() {
        return "instance-" + ++lastName;
    }

    /** Registers an instance through the API and returns its id. */
    String register(Credentials key, String name, String uri) {
        return service.register(key, name, uri);
    }

    /** Stores that assist has raised the setting hz of a server, which no scan restores. */
    void leaveRaised(String instanceId, String address) {
        service.bean(JdbcClient.class)
                .sql("""
                        insert into raised_settings (address, instance_id, scan_id, round, node_id, attempt, in_use,
                            deployment, run_id, since, changes)
                        values (:address, :id, :id, 1, 'n', 1, false, 'elsewhere', '0f', current_timestamp,
                            'hz 10 500')
                        """)
                .param("address", address)
                .param("id", UUID.fromString(instanceId))
                .update();
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

    /** Creates an access key with these actions in the project of the key {@code owner}. */
    Credentials accessKey(Credentials ownerKey, String... actions) {
        return service.newKey(
                administrator(), ownerKey.projectId(), "{\"actions\":[\"" + String.join("\",\"", actions) + "\"]}");
    }

    /**
     * Replaces the advice in the last estimate of an instance, and returns the path of its page. With the action
     * {@code FULL_SWEEP}, the advice also says that the server's own expiry is off.
     *
     * @param action name of the action that the advice recommends, such as {@code PASSES}
     * @param proposedStart the proposed start of the forecast; null for none
     */
    String advise(String instanceId, String action, @Nullable String proposedStart) {
        return advise(instanceId, action, proposedStart, /* settingsRefused= */ false);
    }

    /**
     * Replaces the advice as {@link #advise(String, String, String)} does.
     *
     * @param settingsRefused whether the server does not report its settings
     */
    String advise(String instanceId, String action, @Nullable String proposedStart, boolean settingsRefused) {
        JdbcClient jdbc = service.bean(JdbcClient.class);
        UUID id = UUID.fromString(instanceId);
        String document = jdbc.sql("select document from instance_estimate where instance_id = :id")
                .param("id", id)
                .query(String.class)
                .single();
        ObjectNode estimate = (ObjectNode) JSON.readTree(document);
        estimate.set("advice", JSON.readTree("""
            {"action": "ACTION", "sentence": "-", "basis": "BASIS", "toleratedBacklog": 1000, "inflowKnown": true,
             "settingsRefused": REFUSED, "expiryOff": OFF,
             "options": [{"action": "ACTION", "expectedBacklog": 900, "serverSecondsPerDay": 1.5, "enough": true,
                          "longestPauseMillis": 4.3, "setting": "active-expire-effort 10, hz 100", "intervalSeconds": 21600},
                         {"action": "NOTHING", "serverSecondsPerDay": 0, "enough": false}]}
            """.replace("ACTION", action)
                .replace("BASIS", BASIS)
                .replace("REFUSED", String.valueOf(settingsRefused))
                .replace("OFF", String.valueOf(action.equals("FULL_SWEEP")))));
        ((ObjectNode) estimate.at("/insight/forecast")).put("proposedStart", proposedStart);
        jdbc.sql("update instance_estimate set document = :document where instance_id = :id")
                .param("document", estimate.toString())
                .param("id", id)
                .update();
        return "/console/instances/" + instanceId;
    }

    /** Opens the page of a scan and waits until it lists the nodes. */
    static void openScan(Page page, String scanId) {
        page.navigate("/console/scans/" + scanId);
        expect(page.locator("#nodes")).isVisible();
    }

    @Override
    public void close() {
        browser.close();
        if (!isShared) {
            service.close();
        }
        redis.close();
    }
}
