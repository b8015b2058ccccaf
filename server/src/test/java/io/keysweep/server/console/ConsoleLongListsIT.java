package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests in a real browser that long lists have several pages, each of which is small enough: the timeline of a scan,
 * the nodes of a scan, and the tags with ceilings.
 */
class ConsoleLongListsIT extends ConsoleTesting {

    /** As many events as a timeline can have. */
    private static final int EVENTS = 1_000;

    private static final int NODES = 300;

    /** As many tags as a project can have ceilings for. */
    private static final int TAGS = 100;

    @Test
    void timeline_ofAThousandEvents_hasPages() {
        UUID scan = plantScan();
        plantEvents(scan);

        // The page of the scan has 25 events. The page of the timeline has 50, the latest first.
        Page page = console.browser().signedIn(admin, "/console/scans/" + scan);
        expect(page.locator("#timeline tbody tr")).hasCount(25);
        page.locator("#all-events").click();
        expect(page.locator("#timeline tbody tr")).hasCount(50);
        expect(page.locator("#shown")).hasText("1–50 of 1,000");
        expect(page.locator("#timeline tbody tr").first()).containsText("event 1000 ");
        page.locator("#next").click();
        expect(page.locator("#shown")).hasText("51–100 of 1,000");
        expect(page.locator("#timeline tbody tr").first()).containsText("event 950 ");

        // The last of the 20 pages ends with the first event.
        assertSmall(page, "/console/scans/" + scan + "/timeline?page=20");
        expect(page.locator("#timeline tbody tr").last()).containsText("event 1 ");
        expect(page.locator("#next")).hasCount(0);
    }

    @Test
    void scan_ofHundredsOfNodes_hasPages_withTheFailedNodeFirst() {
        UUID scan = plantScan();
        plantEvents(scan);
        plantSweeps(scan);
        plantSamples(scan);

        PageChecks checks = new PageChecks(console, admin);
        Page page = console.browser().signedIn(admin);
        checks.prepare(page);
        String path = "/console/scans/" + scan;
        assertSmall(page, path);
        checks.checkAccessibility(page, path, PageChecks.PHONE, ColorScheme.DARK);
        checks.checkWidth(page, path, PageChecks.NARROWEST_PHONE);
        assertThat(checks.problems()).isEmpty();
        expect(page.locator("#nodes tbody tr")).hasCount(30);
        expect(page.locator("#nodes tbody tr").first()).containsText("failed at");
        expect(page.locator("#nodes tbody tr").first()).containsText("2399 +46");
        expect(page.locator("#shown-nodes")).hasText("1–30 of 300");

        // The failed node is on the first page only.
        page.locator("#next-nodes").click();
        expect(page.locator("#shown-nodes")).hasText("31–60 of 300");
        expect(page.locator("#nodes")).not().containsText("failed at");
        page.locator("#previous-nodes").click();
        expect(page.locator("#nodes tbody tr").first()).containsText("failed at");
    }

    @Test
    void ceilingsOf100Tags_changedOnOnePage_keepTheTagsOfOtherPages() {
        String api = "/api/v1/projects/" + admin.projectId() + "/ceilings";
        String tags = IntStream.rangeClosed(1, TAGS)
                .mapToObj(i -> "{\"key\":\"team\",\"value\":\"t" + i + "\",\"maxProfile\":\"gentle\",\"maxShare\":0.25,"
                        + "\"maxRate\":" + (1_000 + i) + ",\"maxLatencyMs\":50,\"maxReplicaLagBytes\":1000000,"
                        + "\"maxEvictions\":10,\"assist\":false,\"namesStay\":true,\"needsApproval\":true}")
                .collect(Collectors.joining(","));
        assertThat(console.service()
                        .call(admin, "PUT", api, "{\"maxShare\":0.5,\"tags\":[" + tags + "]}")
                        .status())
                .isBetween(200, 299);
        JsonNode before = ceilings(api);

        // The tags are on ten pages.
        Page page = console.browser().signedIn(admin);
        assertSmall(page, "/console/ceilings");
        expect(page.locator("#shown")).hasText("1–10 of 100");
        page.locator("#next").click();
        expect(page.locator("#shown")).hasText("11–20 of 100");
        expect(page.locator("#ceilings li").first()).containsText("team=t11");

        // A refused form shows the error at its tag. The corrected form changes this tag alone.
        page.getByText("Change the ceilings of the project…").click();
        page.locator("#ceilings-tag-1-maxRate").fill("-1");
        press(page, "Save ceilings");
        expect(page.locator("#tag-1-problem")).isVisible();
        expect(page.locator("#ceilings-tag-1-value")).hasValue("t12");
        page.locator("#ceilings-tag-1-maxRate").fill("77");
        press(page, "Save ceilings");
        expect(page.locator("#shown")).hasText("11–20 of 100");
        expect(page.locator("#ceilings li").nth(1)).containsText("77");

        // Only the tag t12, which has the index 11, differs.
        JsonNode after = ceilings(api);
        assertThat(after.size()).isEqualTo(TAGS);
        assertThat(IntStream.range(0, TAGS).filter(i -> !after.get(i).equals(before.get(i))))
                .containsExactly(11);
        assertThat(after.get(11).get("maxRate").asInt()).isEqualTo(77);
        console.service().call(admin, "DELETE", api, "");
    }

    /** Opens a page and checks that it is small enough. */
    private void assertSmall(Page page, String path) {
        PageChecks checks = new PageChecks(console, admin);
        checks.checkWeight(page, path);
        assertThat(checks.problems()).isEmpty();
    }

    /** Returns the tags in the ceilings of the project. */
    private JsonNode ceilings(String api) {
        return console.service()
                .call(admin, "GET", api, "")
                .body()
                .get("document")
                .get("tags");
    }

    /** Stores a scan that has ended, and returns its id. */
    private UUID plantScan() {
        String instance = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        UUID id = UUID.randomUUID();
        jdbc().sql("insert into scan (id, instance_id, scan_type, state, timeout_seconds, created_at, started_at,"
                        + " finished_at) values (:id, :instance, 'manual', 'failed', 3600, current_timestamp,"
                        + " current_timestamp, current_timestamp)")
                .param("id", id)
                .param("instance", UUID.fromString(instance))
                .update();
        return id;
    }

    /** Stores as many events as a timeline can have, each with a long reason. */
    private void plantEvents(UUID scan) {
        for (int i = 1; i <= EVENTS; i++) {
            jdbc().sql("insert into scan_event (scan_id, type, began_at, ended_at, why, node_id) values (:scan, :type,"
                            + " current_timestamp, current_timestamp, :why, :node)")
                    .param("scan", scan)
                    .param("type", i == 1 ? "created" : "held")
                    .param("why", "event " + i + " of the server, " + "which answers slowly ".repeat(15))
                    .param("node", "10.0.0." + i % 250 + ":6379")
                    .update();
        }
    }

    /** Stores a sweep for each node of a large cluster. The last of them has failed. */
    private void plantSweeps(UUID scan) {
        for (int i = 0; i < NODES; i++) {
            jdbc().sql("insert into sweep (scan_id, round, node_id, slots, orphans, attempt, runs, finished, failure,"
                            + " visited, reclaimed, expired_keys, exact, alone, steps_may_follow, fraction,"
                            + " longest_stall_us) values (:scan, 1, :node, :slots, 0, 1, 1, true, :failure,"
                            + " 123456, 7890, 7890, true, true, false, 0.5, 1500)")
                    .param("scan", scan)
                    .param("node", "10.0.%d.%03d:6379".formatted(i / 250, i % 250))
                    .param("slots", slots(i))
                    .param("failure", i == NODES - 1 ? "connection broke" : null)
                    .update();
        }
    }

    /** Returns the slots of a node after many moves: each of the 54 slots is a range of its own. */
    private static String slots(int node) {
        return IntStream.range(0, 54).mapToObj(i -> "" + (node + i * NODES)).collect(Collectors.joining(","));
    }

    /** Stores samples of two hours, from which the charts get as many points as they can have. */
    private void plantSamples(UUID scan) {
        jdbc().sql("""
                        insert into sweep_sample (scan_id, round, node_id, sampled_at, visited, reclaimed, share, step_us,
                            busy_us, wait_us)
                        select scan_id, round, node_id, current_timestamp - (7200 - x) * interval '1' second,
                            x * 1234 + mod(x * 7919, 997), x * 321 + mod(x * 104729, 997), 0.1 + mod(x, 97) / 317.0,
                            mod(x * 7919, 9973), mod(x * 104729, 99991), mod(x * 31337, 9973)
                        from sweep cross join system_range(0, 7200, 20)
                        where scan_id = :scan and node_id < '10.0.0.003'
                        """).param("scan", scan).update();
    }

    private JdbcClient jdbc() {
        return console.service().bean(JdbcClient.class);
    }
}
