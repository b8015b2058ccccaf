package io.keysweep.server;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.assist.EndlessExpiryProxy;
import io.keysweep.server.notify.Receiver;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.ServiceExit;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.SignedServiceClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests that a service process that is killed or stopped in the middle of its work loses nothing.
 *
 * <p>It must lose no count of a sweep, no delivery of a webhook, and no entry of the audit log.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class KilledServiceIT {

    private static final int LIVE = 70_000;
    private static final int DEAD = 30_000;

    /**
     * The rate ceiling in keys per second. A sweep lasts 100 s unless it is tuned, so the service is killed during the
     * sweep.
     */
    private static final int RATE = 1_000;

    @TempDir
    static Path homes;

    /** The service on each database. All tests share it, and each test has its own Redis server. */
    private static final Map<String, ServiceProcess> SERVICES = new HashMap<>();

    /** Returns the service on a database, and starts it if it does not run. */
    private static ServiceProcess service(String dialect) throws Exception {
        ServiceProcess service = SERVICES.get(dialect);
        if (service == null) {
            Path home = TestDatabase.prepareHome(Files.createDirectory(homes.resolve(dialect)));
            service = ServiceProcess.start(home, variables(dialect));
            SERVICES.put(dialect, service);
        } else if (!service.alive()) {
            // A previous test has failed between a kill and the restart.
            service.restart();
        }
        return service;
    }

    /** Returns the settings of the service on a database, as environment variables. */
    private static Map<String, String> variables(String dialect) throws SQLException {
        return dialect.equals("h2")
                ? Map.of()
                : Map.of(
                        "KEYSWEEP_DATABASE_URL",
                        TestDatabase.postgresUrl(),
                        // A process is treated as dead after four missed heartbeats. A living process must not miss so
                        // many on a busy machine, because another process would then take over its sweep.
                        "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                        "3");
    }

    @AfterAll
    static void stop() {
        SERVICES.values().forEach(ServiceProcess::close);
        SERVICES.clear();
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.server.TestDatabase#h2AndPostgresInFullRun")
    void kill_twiceDuringASweep_keepsTheCountsExact(String dialect) throws Exception {
        ServiceProcess service = service(dialect);
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String scanId = create(service, "kill", redis);

            // The service is killed at 5 % and at 10 % of the scan.
            for (double fraction : new double[] {0.05, 0.1}) {
                awaitFraction(service, scanId, fraction);
                service.kill();
                service.restart();
            }
            liftCeiling(service, scanId);
            JsonNode endedScan = service.awaitEnd(scanId);

            // The counts are exact, as without a kill.
            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(endedScan.get("exact").asBoolean()).isTrue();
            assertThat(keySpace.size(0)).isEqualTo(LIVE);

            // The sweep reports its runs and why they were interrupted.
            JsonNode sweep = endedScan.get("sweeps").get(0);
            assertThat(sweep.get("runs").asInt()).isEqualTo(3);
            assertThat(sweep.get("interruptions").values())
                    .hasSize(2)
                    .allMatch(interruption ->
                            interruption.get("reason").asString().contains("lost without notice"));
            assertThat(sweep.get("memory").get("keysBefore").asLong()).isEqualTo(LIVE + DEAD);
            assertThat(sweep.get("memory").get("explanation").asString()).contains("known for 1 of 3 runs");

            // The DCS API has the same count.
            JsonNode record = service.get("/v2/{project}/instances/{instance}/auto-expire/histories")
                    .get("records")
                    .get(0);
            assertThat(record.get("num").asInt()).isEqualTo(DEAD);
        }
    }

    /** The keys that the server expires while the service is down are not counted as reclaimed by the sweep. */
    @Test
    void kill_thenExpiryByTheServer_makesTheCountAnEstimateWithoutThoseKeys() throws Exception {
        ServiceProcess service = service("h2");
        int live = 32_000;
        int dead = 16_000;
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keySpace = KeySpace.withExpiryOff(client).plant(/* db= */ 0, live, dead);
            String instanceId = service.register("expiry", redis.uri());
            String scanId = service.call(
                            "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":2000}")
                    .get("id")
                    .asString();
            awaitFraction(service, scanId, 0.1);
            service.kill();

            long reclaimedBeforeTheKill = live + dead - keySpace.size(0);

            // The server expires the remaining keys while the service is down.
            keySpace.switchExpiryOn();
            await("the server has expired the rest").until(() -> keySpace.size(0) == live);
            service.restart();
            JsonNode endedScan = service.awaitEnd(scanId);

            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(endedScan.get("exact").asBoolean()).isFalse();

            // The count may be wrong by the keys of one interval between two checkpoints.
            long tolerance = 1_000;
            assertThat(endedScan.get("reclaimed").asLong())
                    .isBetween(reclaimedBeforeTheKill - tolerance, reclaimedBeforeTheKill + tolerance);
        }
    }

    /**
     * {@link EndlessExpiryProxy} withholds the reply to the last change of settings. So the service is killed while the
     * settings are raised.
     */
    @ParameterizedTest
    @MethodSource("io.keysweep.server.TestDatabase#h2AndPostgresInFullRun")
    void kill_duringAssist_makesTheNextWorkerRestoreTheSettingsFirst(String dialect) throws Exception {
        ServiceProcess service = service(dialect);
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                EndlessExpiryProxy proxy = new EndlessExpiryProxy(redis)) {
            KeySpace keySpace = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 1_000);
            String instanceId = service.register("assist", proxy.uri());
            service.call("PATCH", "/api/v1/instances/" + instanceId, "{\"assist\":true}");

            // The first three changes only try whether changes are allowed. The next three raise the settings.
            proxy.stallAfterChanges(6);
            String scanId = service.startScan(instanceId);
            await("all settings are raised").until(proxy::isStalled);
            service.kill();
            assertThat(EndlessExpiryProxy.settings(client)).containsExactly("500", "10", "yes");

            // The next worker restores the settings before it assists again and sweeps.
            int changesBefore = proxy.changes().size();
            proxy.release();
            service.restart();

            JsonNode endedScan = service.awaitEnd(scanId);
            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(1_000);
            assertThat(keySpace.size(0)).isEqualTo(2_000);
            assertThat(EndlessExpiryProxy.settings(client)).containsExactly("10", "1", "no");
            assertThat(proxy.changes().subList(changesBefore, changesBefore + 3))
                    .containsExactly("active-expire-effort 1", "hz 10", "lazyfree-lazy-expire no");
            assertThat(service.get("/api/v1/scans/" + scanId + "/timeline").findValuesAsString("type"))
                    .containsSubsequence("assisting", "settings-back", "assisted");
        }
    }

    /** The service has stored the former settings by then, so they are not raised unnoticed. */
    @Test
    void kill_beforeAssistChangesTheFirstSetting_leavesNoEntryAfterTheNextScan() throws Exception {
        ServiceProcess service = service("h2");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                EndlessExpiryProxy proxy = new EndlessExpiryProxy(redis)) {
            KeySpace keySpace = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 1_000);
            String instanceId = service.register("assist stored", proxy.uri());
            String path = "/api/v1/instances/" + instanceId;
            service.call("PATCH", path, "{\"assist\":true}");

            // The first three changes only try whether changes are allowed.
            proxy.stallBeforeChange(4);
            String scanId = service.startScan(instanceId);
            await("the first change is sent").until(proxy::isStalled);
            JsonNode raised = service.get(path).get("raisedSettings");
            assertThat(raised.size()).isEqualTo(1);
            assertThat(raised.get(0).get("leftover").asBoolean()).isFalse();
            assertThat(raised.get(0).get("commands").get(0).asString()).isEqualTo("CONFIG SET active-expire-effort 1");
            service.kill();
            assertThat(EndlessExpiryProxy.settings(client)).containsExactly("10", "1", "no");

            proxy.release();
            service.restart();

            JsonNode endedScan = service.awaitEnd(scanId);
            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(keySpace.size(0)).isEqualTo(2_000);
            assertThat(EndlessExpiryProxy.settings(client)).containsExactly("10", "1", "no");
            assertThat(service.get(path).get("raisedSettings")).isEmpty();
        }
    }

    @Test
    void stop_bySigterm_endsTheProcessCleanly_andTheNextStartContinuesTheSweep() throws Exception {
        ServiceProcess service = service("h2");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String scanId = create(service, "term", redis);
            awaitFraction(service, scanId, 0.05);

            assertThat(service.terminate()).isZero();
            assertThat(service.home().resolve("endpoint")).doesNotExist();

            // After the restart, the sweep continues from its position, at 5 %.
            service.restart();
            JsonNode resumed = service.get("/api/v1/scans/" + scanId);
            assertThat(resumed.get("fraction").asDouble()).isGreaterThanOrEqualTo(0.05);

            liftCeiling(service, scanId);
            JsonNode endedScan = service.awaitEnd(scanId);
            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);

            // The sweep has two runs. The stop of the service has interrupted the first run.
            JsonNode sweep = endedScan.get("sweeps").get(0);
            assertThat(sweep.get("runs").asInt()).isEqualTo(2);
            assertThat(sweep.get("interruptions").values())
                    .extracting(interruption -> interruption.get("reason").asString())
                    .containsExactly("the service was stopped");
            assertThat(sweep.get("memory").get("keysAfter").asLong()).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.server.TestDatabase#h2AndPostgresInFullRun")
    void kill_duringADelivery_makesTheNextStartRepeatItWithTheSameId(String dialect) throws Exception {
        ServiceProcess service = service(dialect);
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                Receiver receiver = Receiver.start()) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50);
            String hook = "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.finished\"]}";
            JsonNode created = service.call("POST", "/api/v1/webhooks", hook);
            String path = "/api/v1/webhooks/" + created.get("id").asString();

            // The receiver does not answer the first attempt, so the service is killed during the attempt.
            receiver.hangNext();
            String scanId = service.startScan(service.register("delivery", redis.uri()));
            await("the first attempt arrives").until(() -> receiver.received().size() == 1);
            service.kill();
            service.restart();
            await("the second attempt arrives").until(() -> receiver.received().size() == 2);

            // There is one delivery, with two attempts under the same id.
            String deliveries = path + "/deliveries";
            await("the delivery is accepted")
                    .until(() -> service.get(deliveries)
                            .get(0)
                            .get("state")
                            .asString()
                            .equals("delivered"));
            assertThat(service.get(deliveries).size()).isEqualTo(1);

            assertThat(receiver.received())
                    .hasSize(2)
                    .allMatch(
                            received -> received.signedBy(created.get("secret").asString()))
                    .allMatch(received ->
                            received.json().at("/data/scanId").asString().equals(scanId));
            assertThat(receiver.received())
                    .extracting(Receiver.Received::id)
                    .containsOnly(service.get(deliveries).get(0).get("id").asString());

            service.call("DELETE", path, "");
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.server.TestDatabase#h2AndPostgresInFullRun")
    void kill_duringManyChanges_leavesACompleteAuditLog(String dialect) throws Exception {
        ServiceProcess service = service(dialect);
        List<String> answeredNames = new CopyOnWriteArrayList<>();
        Thread writer = Thread.ofPlatform().start(() -> createProjects(service, answeredNames));
        await("some projects are created")
                .failFast("the writer has ended", () -> !writer.isAlive())
                .until(() -> answeredNames.size() > 10);

        service.kill();
        writer.join();
        service.restart();

        // A call that was not answered before the kill is also recorded, as soon as the killed process is treated as
        // dead.
        await("each project has an entry")
                .untilAsserted(() -> assertThat(recorded(service)).containsAll(projects(service)));
        assertThat(recorded(service)).containsAll(answeredNames).doesNotHaveDuplicates();

        JsonNode verification = service.get("/api/v1/audit/verify");
        assertThat(verification.get("intact").asBoolean())
                .as(verification.toString())
                .isTrue();
    }

    @Test
    void start_onAFolderInUse_isRefusedInOneSentence() throws Exception {
        ServiceProcess service = service("h2");

        ServiceExit refusal = ServiceExit.ofRefusedStart(service.home(), Map.of());

        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.FAILED);
        assertThat(refusal.output())
                .contains("Another keysweep server uses the data folder.")
                .doesNotContain("\tat ");
        assertThat(service.get("/v2/{project}/instances").has("instance_num")).isTrue();
    }

    @Test
    void start_withBadSettings_isRefusedWithAllProblems(@TempDir Path home) throws Exception {
        ServiceExit refusal = ServiceExit.ofRefusedStart(
                home, Map.of("KEYSWEEP_WORKER_THREADS", "0", "KEYSWEEP_SCAN_PROFILE", "brutal"));
        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.WRONG_SETTINGS);
        assertThat(refusal.output()).contains("worker.threads", "scan.profile").doesNotContain("\tat ");
    }

    /** Creates projects until the service is killed. Adds the name of a project when the service has answered. */
    private static void createProjects(ServiceProcess service, List<String> answeredNames) {
        try (SignedServiceClient client =
                new SignedServiceClient(service.home().resolve("credentials"), Duration.ofSeconds(60))) {
            for (int i = 0; ; i++) {
                String name = "project-" + i;
                if (client.send(service.endpoint(), "POST", "/api/v1/projects", "{\"name\":\"" + name + "\"}", Map.of())
                                .status()
                        == 201) {
                    answeredNames.add(name);
                }
            }
        } catch (IOException e) {
            // The service was killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the names of the created projects. */
    private static List<String> projects(ServiceProcess service) {
        return service.get("/api/v1/projects").findValuesAsString("name").stream()
                .filter(name -> name.startsWith("project-"))
                .toList();
    }

    /** Returns the names of projects in the audit log: one for each entry about the creation of a project. */
    private static List<String> recorded(ServiceProcess service) {
        return service.get("/api/v1/audit?limit=1000&action=createProject")
                .get("entries")
                .valueStream()
                .map(entry -> entry.at("/changes/0/after/name").asString(""))
                .filter(name -> name.startsWith("project-"))
                .toList();
    }

    /** Creates a scan at {@link #RATE}. */
    private static String create(ServiceProcess service, String name, RedisServer redis) {
        String body = "{\"instanceId\":\"" + service.register(name, redis.uri())
                + "\",\"profile\":\"full\",\"rateCeiling\":" + RATE + "}";
        return service.call("POST", "/api/v1/scans", body).get("id").asString();
    }

    /** Lets a scan continue without a rate ceiling. */
    private static void liftCeiling(ServiceProcess service, String scanId) {
        service.call("PATCH", "/api/v1/scans/" + scanId, "{\"profile\":\"full\",\"rateCeiling\":null}");
    }

    /** Waits until a scan has covered a part of the server, from 0 to 1. */
    private static void awaitFraction(ServiceProcess service, String scanId, double fraction) {
        awaitScan(
                "the scan reaches " + fraction,
                () -> service.get("/api/v1/scans/" + scanId),
                scan -> scan.get("fraction").asDouble() >= fraction);
    }
}
