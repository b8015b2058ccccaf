package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.ObjectNode;

/** Tests in a real browser the drawing of the nodes of single servers, clusters and Sentinel deployments. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsoleTopologyIT extends ConsoleTesting {

    @Test
    void server_withAReplicaAndARunningScan_isDrawnWithBoth() {
        String instance = console.register(admin, console.newName(), console.redisUri());
        int port = Integer.parseInt(console.redisUri().replaceAll(".*:", ""));
        try (RedisServer replica =
                RedisServer.start(RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", Integer.toString(port))) {
            Replication.awaitSynchronised(console.redis().client(), replica.client());
            String scan = console.startSlowScan(instance);
            PageChecks checks = new PageChecks(console, admin);
            Page page = openTopology(instance, checks);

            // The replica is drawn with its lag, and the primary with the state of its sweep.
            expect(page.locator("#topology .primary")).containsText("127.0.0.1:" + port);
            expect(page.locator("#topology .primary")).containsText("Redis 7.0.");
            expect(page.locator("#topology .replicas li")).hasCount(1);
            expect(page.locator("#topology .replicas .node")).containsText("127.0.0.1:" + replica.port());
            expect(page.locator("#topology .replicas .node")).containsText(" behind");
            expect(page.locator("#topology .slots")).hasCount(0);
            expect(page.locator("#topology .primary .state")).hasCount(1);
            assertAccessible(checks, page);

            // After the scan, the primary has no state of a sweep.
            console.finishScan(scan);
            page.reload();
            expect(page.locator("#topology .primary")).isVisible();
            expect(page.locator("#topology .primary .state")).hasCount(0);
        }
    }

    @Test
    void cluster_withAPrimaryThatIsDown_isDrawnWithItsSlotsAndTheReason() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 1)) {
            String instance = console.register(
                    admin,
                    console.newName(),
                    "redis-cluster://127.0.0.1:" + cluster.nodes().getFirst().port());
            PageChecks checks = new PageChecks(console, admin);
            Page page = openTopology(instance, checks);

            // All nodes are up.
            Locator shards = page.locator("#topology .shards > li");
            expect(shards).hasCount(3);
            expect(shards.first()).containsText("Slots 0-5460 (5,461)");
            expect(shards.first().locator(".replicas li")).hasCount(1);
            expect(page.locator("#topology")).containsText("Primaries: 3 · Replicas: 1 · Redis 7.0.");

            // One primary is down.
            RedisServer down = cluster.nodes().get(2);
            cluster.kill(down);
            page.reload();
            expect(page.locator("#topology .node.bad")).containsText("127.0.0.1:" + down.port());
            expect(page.locator("#topology .node.bad .reason")).isVisible();
            expect(page.locator("#topology")).containsText("Nodes that cannot be read: 1");
            assertAccessible(checks, page);
        }
    }

    @Test
    void sentinels_ofADeployment_areDrawn_orTheReasonWhyTheyKnowNoPrimary() {
        try (RedisSentinel sentinel =
                RedisSentinel.start(RedisVersion.REDIS_7_0, /* replicas= */ 1, /* sentinelPassword= */ null)) {
            String uri = "redis-sentinel://"
                    + sentinel.sentinels().stream()
                            .map(each -> "127.0.0.1:" + each.port())
                            .collect(Collectors.joining(","))
                    + "#";
            PageChecks checks = new PageChecks(console, admin);
            Page page = openTopology(console.register(admin, console.newName(), uri + RedisSentinel.NAME), checks);
            expect(page.locator("#topology .sentinels li")).hasCount(3);
            expect(page.locator("#topology .primary"))
                    .containsText("127.0.0.1:" + sentinel.primary().port());
            assertAccessible(checks, page);

            // The sentinels do not know this name.
            page.navigate("/console/instances/" + console.register(admin, console.newName(), uri + "nobody"));
            expect(page.locator("#topology .node.bad")).containsText("nobody");
        }
    }

    @Test
    void cluster_ofAHundredShards_isDrawnInPart_andAsAWholeOnDemand() {
        int shards = 100;
        try (ManyShards cluster = ManyShards.start(shards)) {
            cluster.kill(77);
            String instance = console.register(admin, console.newName(), cluster.uri());
            String path = "/console/instances/" + instance;
            plantEstimate(instance, shards);
            IntStream.range(0, shards).forEach(i -> console.leaveRaised(instance, "10.0.0." + i + ":6379"));
            PageChecks checks = new PageChecks(console, admin);
            Page page = openTopology(instance, checks);

            // As many primaries are drawn as have 48 nodes with their replicas. The one that is down is the first.
            expect(page.locator("#topology .shards.dense > li")).hasCount(24);
            expect(page.locator("#topology")).containsText("Primaries: 100 · Replicas: 100");
            expect(page.locator("#topology .shards > li").first().locator(".node.bad"))
                    .isVisible();
            expect(page.locator("#estimate")).containsText("10.0.0.099:6379");
            expect(page.locator("#shown-primaries")).hasText("1–10 of 100");
            expect(page.locator("#shown-raised")).hasText("1–3 of 100");
            assertAccessible(checks, page);
            checks.checkWeight(page, path);

            // All primaries are drawn on demand. The button keeps the focus.
            page.locator("#topology-whole").click();
            expect(page.locator("#topology .shards.dense > li")).hasCount(shards);
            expect(page.locator("#topology .replicas .node")).hasCount(shards);
            expect(page.locator("#topology-whole")).isFocused();
            checks.checkWidth(page, path, PageChecks.NARROWEST_PHONE);
            page.locator("#topology-whole").click();
            expect(page.locator("#topology .shards > li")).hasCount(24);

            // The other estimates are on other pages.
            page.locator("#next-primaries").click();
            expect(page.locator("#shown-primaries")).hasText("11–20 of 100");
            expect(page.locator("#estimate")).containsText("10.0.0.089:6379");
            assertThat(checks.problems()).isEmpty();
        }
    }

    /** Stores an estimate of this many primaries with a forecast and advice, as if each was like the Redis server. */
    private void plantEstimate(String instance, int primaries) {
        console.plantTtls();
        String small = console.register(admin, console.newName(), console.redisUri());
        ObjectNode estimate = (ObjectNode) console.service()
                .call(
                        admin,
                        "POST",
                        "/api/v1/instances/" + small + "/estimates",
                        "{\"samplePrimary\":true,\"picture\":true}")
                .body();
        ObjectNode primary = (ObjectNode) estimate.withArray("primaries").get(0);
        estimate.putArray("primaries")
                .addAll(IntStream.range(0, primaries)
                        .mapToObj(i -> primary.deepCopy()
                                .put("nodeId", "10.0.0.%03d:6379".formatted(i))
                                .put("dead", i))
                        .toList());
        console.service()
                .bean(JdbcClient.class)
                .sql("insert into instance_estimate (instance_id, document, made_by, made_at)"
                        + " values (:id, :document, 'test', current_timestamp)")
                .param("id", UUID.fromString(instance))
                .param("document", estimate.toString())
                .update();
    }

    /** Opens the page of an instance, and waits for its drawing. */
    private Page openTopology(String instance, PageChecks checks) {
        Page page = console.browser().signedIn(admin);
        checks.prepare(page);
        page.navigate("/console/instances/" + instance);
        expect(page.locator("#topology .node").first()).isVisible();
        return page;
    }

    /** Checks that the page is accessible in two sizes and colors, and fits a phone. */
    private static void assertAccessible(PageChecks checks, Page page) {
        checks.checkAccessibility(page, "topology", PageChecks.DESKTOP, ColorScheme.LIGHT);
        checks.checkAccessibility(page, "topology", PageChecks.PHONE, ColorScheme.DARK);
        checks.checkWidth(page, "topology", PageChecks.NARROWEST_PHONE);
        assertThat(checks.problems()).isEmpty();
    }
}
