package io.keysweep.server.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.control.ControlTesting;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Scans of real servers within budgets, by one process on H2 and by two on PostgreSQL. */
class BudgetsIT {

    private static final int SCANS = 12;
    private static final int BUDGET = 3;
    private static final int LIVE = 1_000;
    private static final int DEAD = 500;

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<RespClient> clients = new ArrayList<>();
    private final List<TestService> services = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, KEYSWEEP_BUDGET_SWEEPS, in all",
        "postgresql, KEYSWEEP_BUDGET_SWEEPS, in all",
        "postgresql, KEYSWEEP_BUDGET_SWEEPS_PER_HOST, on host 127.0.0.1",
        "h2, '', in project default",
        "postgresql, '', in project default",
    })
    void scans_neverRunMoreThanTheirBudget_asPermitsAndServersTell(String dialect, String setting, String why)
            throws Exception {
        start(dialect, setting.isEmpty() ? Map.of() : Map.of(setting, String.valueOf(BUDGET)));
        TestService service = services.getFirst();
        Credentials key = service.administrator();
        if (setting.isEmpty()) {
            assertThat(service.call(key, "PUT", budget(key), "{\"sweeps\":" + BUDGET + "}")
                            .status())
                    .isEqualTo(200);
        }
        // The looks at the servers that a create makes are not to be taken for sweeps.
        service.call(key, "PUT", "/api/v1/hold", "");
        List<String> scans = new ArrayList<>();
        for (int i = 0; i < SCANS; i++) {
            scans.add(scan(service, key, "s" + i, server(LIVE), 1500));
        }
        service.call(key, "DELETE", "/api/v1/hold", "");

        int mostPermits = 0;
        int mostServers = 0;
        Set<String> reasons = new HashSet<>();
        Map<String, JsonNode> ended = new HashMap<>();
        while (ended.size() < SCANS) {
            int permits = permits(service);
            int busy = busyServers();
            assertThat(List.of(permits, busy))
                    .allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(BUDGET));
            mostPermits = Math.max(mostPermits, permits);
            mostServers = Math.max(mostServers, busy);
            for (String scan : scans) {
                JsonNode seen = ended.containsKey(scan) ? ended.get(scan) : get(service, key, scan);
                if (seen.has("hold")) {
                    reasons.add(seen.get("hold").asString());
                }
                if (seen.has("finishedAt")) {
                    ended.put(scan, seen);
                }
            }
        }
        assertThat(mostPermits).isEqualTo(BUDGET);
        assertThat(mostServers).isBetween(1, BUDGET);
        assertThat(reasons).contains("waits for its budget: " + BUDGET + " of " + BUDGET + " sweeps run " + why);
        assertThat(ended.values()).allSatisfy(scan -> {
            assertThat(scan.get("status").asString()).isEqualTo("success");
            assertThat(scan.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(scan.has("hold")).isFalse();
        });
        assertThat(permits(service)).isZero();
        JsonNode held = service.call(key, "GET", "/api/v1/scans/" + waited(service) + "/holds", "")
                .body();
        assertThat(held.findValuesAsString("reason")).contains("waits for its budget");
    }

    @Test
    void pausedScan_thatGivesBackItsWorker_givesBackItsPermit_andABudgetCanShrink() throws Exception {
        start("h2", Map.of());
        TestService service = services.getFirst();
        Credentials key = service.administrator();
        service.call(key, "PUT", budget(key), "{\"sweeps\":2}");
        String first = scan(service, key, "first", server(LIVE), 50);
        awaitScan(service, key, first, scan -> scan.get("status").asString().equals("running"));
        String second = scan(service, key, "second", server(LIVE), 50);
        awaitScan(service, key, second, scan -> scan.get("visited").asLong() > 0);
        Answer shrunk = service.call(key, "PUT", budget(key), "{\"sweeps\":1}");
        assertThat(shrunk.body().get("document").get("sweeps").asInt()).isEqualTo(1);
        awaitScan(service, key, second, scan -> scan.path("hold").asString("").startsWith("waits for its budget: "));
        await().until(() -> permits(service) == 1);
        Answer used = service.call(key, "GET", budget(key), "");
        assertThat(used.body().get("running").asInt()).isEqualTo(1);
        assertThat(used.body().get("waiting").asInt()).isEqualTo(1);

        service.call(key, "POST", "/api/v1/scans/" + first + "/cancel", "");
        awaitScan(service, key, second, scan -> !scan.has("hold"));
        service.call(key, "PATCH", "/api/v1/scans/" + second, "{\"rateCeiling\":null,\"profile\":\"full\"}");
        JsonNode ended = awaitScan(service, key, second, scan -> scan.has("finishedAt"));
        assertThat(ended.get("reclaimed").asLong()).isEqualTo(DEAD);
    }

    @Test
    void budget_isSetByWhoOperatesTheService_andChecked() throws Exception {
        start("h2", Map.of());
        TestService service = services.getFirst();
        Credentials admin = service.administrator();
        Credentials team = service.project("team");
        assertThat(service.call(admin, "PUT", budget(team), "{\"sweeps\":2}")
                        .body()
                        .get("setBy")
                        .asString())
                .isEqualTo(admin.accessKey());
        assertThat(service.call(team, "GET", budget(team), "")
                        .body()
                        .get("document")
                        .get("sweeps")
                        .asInt())
                .isEqualTo(2);
        assertThat(service.call(team, "PUT", budget(team), "{\"sweeps\":9}").status())
                .isEqualTo(403);
        assertThat(service.call(team, "GET", budget(admin), "").status()).isEqualTo(403);
        Answer refused = service.call(admin, "PUT", budget(team), "{\"sweeps\":0}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("detail").asString())
                .isEqualTo("sweeps is '0', must be a whole number from 1 to 1000000.");
        assertThat(service.call(admin, "PUT", budget(team), "{}").status()).isEqualTo(400);
        assertThat(service.call(admin, "PUT", "/api/v1/projects/none/budget", "{\"sweeps\":1}")
                        .status())
                .isEqualTo(404);
        assertThat(service.call(admin, "DELETE", budget(team), "").status()).isEqualTo(204);
        assertThat(service.call(team, "GET", budget(team), "").body().has("document"))
                .isFalse();
    }

    @Test
    void rateAndShareOfAHost_areDividedAnew_asSweepsComeAndGo() throws Exception {
        start(
                "postgresql",
                Map.of("KEYSWEEP_BUDGET_RATE_PER_HOST", "400", "KEYSWEEP_BUDGET_SHARE_PER_HOST_PERCENT", "30"));
        TestService service = services.getFirst();
        Credentials key = service.administrator();
        String first = scan(service, key, "first", server(40_000), 1_000_000);
        awaitPaces(List.of(400L), List.of(0.25));
        String second = scan(service, key, "second", server(40_000), 100);
        awaitPaces(List.of(300L, 100L), List.of(0.15, 0.15));
        String third = scan(service, key, "third", server(40_000), 1_000_000);
        awaitPaces(List.of(150L, 150L, 100L), List.of(0.1, 0.1, 0.1));
        // What a scan leaves by its own choice is the others'.
        service.call(key, "PATCH", "/api/v1/scans/" + third, "{\"rateCeiling\":50,\"share\":0.05}");
        awaitPaces(List.of(250L, 100L, 50L), List.of(0.125, 0.125, 0.05));
        service.call(key, "POST", "/api/v1/scans/" + second + "/cancel", "");
        service.call(key, "POST", "/api/v1/scans/" + third + "/cancel", "");
        awaitPaces(List.of(400L), List.of(0.25));
        service.call(key, "POST", "/api/v1/scans/" + first + "/cancel", "");
        awaitScan(service, key, first, scan -> scan.has("finishedAt"));
    }

    private void awaitPaces(List<Long> rates, List<Double> shares) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    var paces = services.stream()
                            .map(service -> ControlTesting.paces(service.bean(RunningSweeps.class)))
                            .flatMap(found -> found.values().stream())
                            .toList();
                    assertThat(paces)
                            .extracting(pace -> pace.rateCeiling())
                            .containsExactlyInAnyOrderElementsOf(
                                    rates.stream().map(OptionalLong::of).toList());
                    assertThat(paces)
                            .extracting(pace -> Math.round(pace.shareCeiling() * 1000))
                            .containsExactlyInAnyOrderElementsOf(shares.stream()
                                    .map(share -> Math.round(share * 1000))
                                    .toList());
                });
    }

    private void start(String dialect, Map<String, String> variables) throws Exception {
        Map<String, String> all = new HashMap<>(variables);
        Path home = Files.createDirectory(folder.resolve("one"));
        if (!dialect.equals("h2")) {
            all.put("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
        }
        add(TestService.start(home, all));
        if (!dialect.equals("h2")) {
            add(TestService.start(sibling(home), all));
        }
    }

    private void add(TestService service) {
        open.add(service);
        services.add(service);
    }

    /** The home of a second process on the same database: it needs the same master key. */
    private Path sibling(Path home) throws IOException {
        Path sibling = Files.createDirectory(folder.resolve("other"));
        for (String file : List.of("master.key", "credentials")) {
            Files.copy(home.resolve(file), sibling.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return sibling;
    }

    private RedisServer server(int live) {
        RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
        open.add(redis);
        RespClient client = redis.client();
        open.add(client);
        clients.add(client);
        RespClient planting = redis.client();
        KeySpace.frozen(planting).plant(0, live, DEAD);
        planting.close();
        return redis;
    }

    private static String scan(TestService service, Credentials key, String name, RedisServer redis, int rate) {
        String instanceId = service.register(key, name, redis.uri());
        Answer created = service.call(
                key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":" + rate + "}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return created.body().get("id").asString();
    }

    private static String budget(Credentials key) {
        return "/api/v1/projects/" + key.projectId() + "/budget";
    }

    private static JsonNode get(TestService service, Credentials key, String scanId) {
        return service.call(key, "GET", "/api/v1/scans/" + scanId, "").body();
    }

    private static JsonNode awaitScan(
            TestService service, Credentials key, String scanId, Predicate<JsonNode> condition) {
        return await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> get(service, key, scanId), condition);
    }

    private static int permits(TestService service) {
        return service.bean(JdbcClient.class)
                .sql("select count(*) from permit where granted_at is not null")
                .query(Integer.class)
                .single();
    }

    /** A scan that has waited for its budget. */
    private static String waited(TestService service) {
        return service.bean(JdbcClient.class)
                .sql(
                        "select cast(scan_id as varchar(36)) from sweep_hold where reason = 'waits for its budget' limit 1")
                .query(String.class)
                .single();
    }

    /**
     * On how many servers somebody else was connected at one moment: between the first look at all of them and the
     * second, which both have seen him.
     */
    private int busyServers() {
        List<Set<String>> before = clients.stream().map(BudgetsIT::others).toList();
        int busy = 0;
        for (int i = 0; i < clients.size(); i++) {
            Set<String> both = new TreeSet<>(before.get(i));
            both.retainAll(others(clients.get(i)));
            busy += both.isEmpty() ? 0 : 1;
        }
        return busy;
    }

    private static Set<String> others(RespClient client) {
        String own = "id=" + client.callLong("CLIENT", "ID") + " ";
        return client.callText("CLIENT", "LIST")
                .lines()
                .filter(line -> !line.startsWith(own))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.toSet());
    }
}
