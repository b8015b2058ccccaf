package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient.Answer;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Tests, mostly without a browser, that the fields of forms and filters have the effect of the fields of the API. */
class ConsoleFieldsIT extends ConsoleTesting {

    private ConsoleClient client;

    @BeforeAll
    void signIn() {
        client = signedIn(admin);
    }

    /** Returns a client with a session of the access key. */
    private ConsoleClient signedIn(Credentials key) {
        ConsoleClient signedIn = new ConsoleClient(console.service().endpoint());
        signedIn.signIn(key);
        return signedIn;
    }

    /** Reads a document from the API as the administrator. */
    private JsonNode api(String path) {
        return console.service().call(admin, "GET", path, "").body();
    }

    @Test
    void scanForm_createsAScanWithItsFields_andASecondFormLeadsToTheActiveScan() {
        String id = console.register(admin, console.newName(), console.redisUri());
        String page = "/console/instances/" + id;

        // A refused form keeps its values.
        Answer refusal = client.submit(page, page + "/scan", Map.of("share", "2", "assist", "none"));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.body())
                .contains("time is &#39;2&#39;")
                .contains("<option value=\"none\" selected=\"selected\">");

        // The new scan has the values of the form.
        Answer created = client.submit(
                page,
                page + "/scan",
                Map.of(
                        "share", "0.1",
                        "stallBudgetMs", "1",
                        "assist", "none",
                        "rateCeiling", ConsoleFixture.SLOW_RATE,
                        "timeoutSeconds", "3 h"));
        assertThat(created.status()).isEqualTo(302);

        String scanPage = created.header("Location");
        String scanId = scanPage.substring(scanPage.lastIndexOf('/') + 1);
        JsonNode scan = api("/api/v1/scans/" + scanId);
        assertThat(scan.at("/pace/share").asDouble()).isEqualTo(0.1);
        assertThat(scan.at("/pace/stallBudgetMs").asDouble()).isEqualTo(1);
        assertThat(scan.get("timeoutSeconds").asLong()).isEqualTo(10_800);

        // A second scan is refused while the first scan is active.
        Answer second = client.submit(page, page + "/scan", Map.of());
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.body()).contains("id=\"active-scan\" href=\"/console/scans/" + scanId + "\"");

        // The reason of a resumption is in the timeline.
        console.service().call(admin, "POST", "/api/v1/scans/" + scanId + "/pause", "");
        Answer resumed = client.submit(
                "/console/scans/" + scanId, "/console/scans/" + scanId + "/resume", Map.of("reason", "INC-7 is over"));
        assertThat(resumed.status()).isEqualTo(302);
        assertThat(api("/api/v1/scans/" + scanId + "/timeline").toString()).contains("INC-7 is over");
        assertThat(client.get("/console/scans/" + scanId + "/timeline").body())
                .contains("id=\"timeline\"", "INC-7 is over", "href=\"/console/scans/" + scanId + "\"");
        console.finishScan(scanId);
    }

    @Test
    void chartOfAScan_hasTheLatencyLimitOfItsProfileOrOfALowerCeiling() {
        String id = console.register(admin, console.newName(), console.redisUri());
        String scanId = console.startSlowScan(id);
        String scan = "/api/v1/scans/" + scanId;
        console.service().call(admin, "PATCH", scan, "{\"profile\":\"balanced\"}");
        String chart = "/console/scans/" + scanId + "/chart";

        assertThat(client.get(chart).body()).contains("\"callersWait\":10.0");

        // The chart shows the wait above which the scan slows down (soft limit). The ceiling lowers the wait above
        // which it holds (hard limit) from 400 ms to 100 ms, and the soft limit in the same ratio.
        console.service().call(admin, "PUT", "/api/v1/instances/" + id + "/ceilings", "{\"maxLatencyMs\":100}");
        assertThat(client.get(chart).body()).contains("\"callersWait\":2.5");

        // The chart of the ended scan keeps the limit of its last pace and ceilings. The instance then has none.
        console.finishScan(scanId);
        assertThat(client.get(chart).body()).contains("\"callersWait\":10.0");
        console.service().call(admin, "DELETE", "/api/v1/instances/" + id + "/ceilings", "");
        assertThat(client.get(chart).body()).contains("\"callersWait\":10.0");
    }

    @Test
    void chartOfAnEndedScan_hasTheLimitsOfTheCeilingsOfTheTagsDuringTheScan() {
        String ceilings = "/api/v1/projects/" + admin.projectId() + "/ceilings";
        console.service()
                .call(
                        admin,
                        "PUT",
                        ceilings,
                        "{\"tags\":[{\"key\":\"slow\",\"maxLatencyMs\":100,\"maxProfile\":\"balanced\",\"maxShare\":0.125}]}");
        String instance = "/api/v1/instances/" + console.register(admin, console.newName(), console.redisUri());
        String scanId = console.startSlowScan(instance.substring(instance.lastIndexOf('/') + 1));
        console.service().call(admin, "PATCH", "/api/v1/scans/" + scanId, "{\"profile\":\"full\"}");
        String chart = "/console/scans/" + scanId + "/chart";
        assertThat(client.get(chart).body()).contains("\"step\":4.0", "\"share\":1.0");

        // The tag brings its ceilings, and the scan ends with them.
        console.service().call(admin, "PATCH", instance, "{\"tags\":{\"slow\":\"\"}}");
        assertLimits(chart);
        console.service().call(admin, "POST", "/api/v1/scans/" + scanId + "/cancel", "");
        await("the scan has ended").until(() -> api("/api/v1/scans/" + scanId).has("finishedAt"));
        assertLimits(chart);

        // Without the tag, the instance has no ceilings.
        console.service().call(admin, "PATCH", instance, "{\"tags\":null}");
        console.service().call(admin, "DELETE", ceilings, "");
        assertLimits(chart);
    }

    private void assertLimits(String chart) {
        assertThat(client.get(chart).body()).contains("\"step\":2.0", "\"share\":0.125", "\"callersWait\":2.5");
    }

    @Test
    void scanThatHasEndedBeforeItsFirstStep_showsThatItHasNoMethodAndNoPoints() {
        String scanId = console.startSlowScan(console.register(admin, console.newName(), console.redisUri()));
        assertThat(client.get("/console/scans/" + scanId).body()).contains("The first points appear");

        console.finishScan(scanId);

        // The database gets the values of a scan that ended before its first step.
        JdbcClient jdbc = console.service().bean(JdbcClient.class);
        UUID id = UUID.fromString(scanId);
        for (String change : List.of(
                "update scan set started_at = null where id = :id",
                "update sweep set method = null where scan_id = :id",
                "delete from sweep_sample where scan_id = :id")) {
            jdbc.sql(change).param("id", id).update();
        }

        for (String page : List.of("", "/report")) {
            assertThat(client.get("/console/scans/" + scanId + page).body())
                    .contains("<dd>–</dd>")
                    .doesNotContain("selected when the scan starts", "The first points appear");
        }
        assertThat(client.get("/console/scans/" + scanId).body()).contains("before there were two points");
    }

    @Test
    void scheduleForm_ofAnOlderVersion_isRefused_andLeadsToThePage() {
        String id = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        String page = "/console/instances/" + id;
        Map<String, String> fields = Map.of(
                "enabled", "on",
                "firstScanAt", "2099-01-01 02:00",
                "interval", "1 d",
                "timeout", "2 d",
                "scanKeysCount", "500",
                "version", "0");

        assertThat(client.submit(page, page + "/automatic", fields).status()).isEqualTo(302);

        Answer stale = client.submit(page, page + "/automatic", fields);
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.body()).contains("id=\"open-again\" href=\"" + page + "\"");
    }

    @Test
    void previewOfASchedule_showsTenStarts_andSavesNothing() {
        String id = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        String preview = "/console/instances/" + id + "/automatic/preview?timeout=2+d&scanKeysCount=500"
                + "&firstScanAt=2099-01-01+02:00&enabled=on&interval=";

        assertThat(client.get(preview + "1+d").body())
                .contains("2099-01-01 02:00:00 UTC", "2099-01-10 02:00:00 UTC")
                .doesNotContain("2099-01-11");
        assertThat(client.get(preview + "abc").body()).contains("Interval is &#39;abc&#39;, must be a duration");
        assertThat(client.get(preview.replace("&enabled=on", "") + "1+d").body())
                .contains("No scan would start.");
        assertThat(api("/api/v1/instances/" + id + "/schedule").toString()).doesNotContain("2099");
    }

    @Test
    void approvalRequest_isRejectedByAnotherKeyOnly_withTheReasonInTheAuditLog() {
        // The profile full needs an approval, because the instance has the tag env.
        Credentials teamKey = console.service().newAdministrator("ConsoleFieldsIT, approvals");
        assertThat(console.service()
                        .call(
                                teamKey,
                                "PUT",
                                "/api/v1/projects/" + teamKey.projectId() + "/ceilings",
                                "{\"tags\":[{\"key\":\"env\",\"maxProfile\":\"gentle\",\"needsApproval\":true}]}")
                        .status())
                .isEqualTo(200);

        String id = console.service()
                .call(
                        teamKey,
                        "POST",
                        "/api/v1/instances",
                        "{\"name\":\"approved\",\"uri\":\"" + console.redisUri() + "\",\"tags\":{\"env\":\"prod\"}}")
                .body()
                .get("id")
                .asString();

        // The requesting key has no buttons to approve or reject.
        ConsoleClient requester = signedIn(teamKey);
        Answer requested = requester.submit(
                "/console/instances/" + id, "/console/instances/" + id + "/scan", Map.of("profile", "full"));
        assertThat(requested.header("Location")).isEqualTo("/console/approvals");
        assertThat(requester.get("/console/approvals").body()).doesNotContain("formaction");

        // Another key rejects the request.
        JsonNode request = console.service()
                .call(teamKey, "GET", "/api/v1/approvals", "")
                .body()
                .get(0);

        Credentials approverKey = console.accessKey(teamKey, "*");
        Page approvals = console.browser().signedIn(approverKey, "/console/approvals");
        approvals.getByLabel("Reason").fill("not on a Friday");
        approvals.keyboard().press("Enter");

        // Enter decides nothing, so that both buttons are still there.
        expect(approvals.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve")))
                .isVisible();
        assertThat(console.service()
                        .call(teamKey, "GET", "/api/v1/approvals", "")
                        .body()
                        .get(0)
                        .get("state")
                        .asString())
                .isEqualTo("pending");

        ConsoleClient approver = signedIn(approverKey);
        String reject = "/console/approvals/" + request.get("id").asString() + "/reject";
        assertThat(approver.get("/console/approvals").body()).contains("formaction", "action=\"" + reject + "\"");
        assertThat(approver.submit("/console/approvals", reject, Map.of("reason", "not on a Friday"))
                        .status())
                .isEqualTo(302);

        // The audit log has the reason.
        assertThat(console.service()
                        .call(teamKey, "GET", "/api/v1/audit?action=rejectScan", "")
                        .body()
                        .toString())
                .contains("not on a Friday");
    }

    @Test
    void auditLog_filteredByTime_showsItsEntries_orThatTheTimeCannotBeRead() {
        // No entry is as old as this day.
        assertThat(client.get("/console/audit?from=2020-01-01&to=2020-01-01").body())
                .contains("No entry matches the filter.")
                .doesNotContain("This is no date.");

        // All entries are later than this time.
        assertThat(client.get("/console/audit?from=2020-01-01+00%3A00&project=" + admin.projectId())
                        .body())
                .contains("id=\"entries\"");
        assertThat(client.get("/console/audit?actor=" + admin.accessKey(), Map.of("Accept-Language", "zh-CN"))
                        .body())
                .contains("会话 <span class=\"mono\">" + admin.accessKey());

        // The service does not read dates in this format.
        assertThat(client.get("/console/audit?to=31.12.2026").body()).contains("id=\"to-problem\"", "This is no date.");
    }

    @Test
    void menuEntry_isMarkedOnItsPage_andNotOnThePageOfAnInstanceWithItsName() {
        String id = console.register(admin, "Scans", ConsoleFixture.UNREACHABLE_URI);

        assertThat(client.get("/console/scans").body())
                .contains("<a href=\"/console/scans\" aria-current=\"page\">Scans</a>");
        assertThat(client.get("/console/instances/" + id).body()).doesNotContain("aria-current=\"page\"");
    }

    @Test
    void accessKeys_thatDoNotFitOnAPage_areOnTheNextPage() {
        Credentials teamKey = console.service().newAdministrator("ConsoleFieldsIT, access keys");
        ConsoleClient teamClient = signedIn(teamKey);
        String keys = "/console/projects/" + teamKey.projectId() + "/access-keys";

        assertThat(teamClient.get(keys).body()).doesNotContain("id=\"next\"");

        // A page lists 50 keys.
        for (int i = 0; i < 60; i++) {
            console.accessKey(teamKey, "dcs:instance:list");
        }

        assertThat(teamClient.get(keys).body())
                .contains("id=\"next\" href=\"" + keys + "?page=2\"")
                .doesNotContain("id=\"previous\"");

        // For a page beyond the last page, the last page is shown.
        assertThat(teamClient.get(keys + "?page=99").body())
                .contains("id=\"previous\" href=\"" + keys + "?page=1\"")
                .doesNotContain("id=\"next\"");
    }

    @Test
    void starts_thatDoNotFitOnAPage_areOnTheNextPage() {
        String id = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        String page = "/console/instances/" + id;

        assertThat(client.get(page + "/starts").body()).contains("This instance has no automatic starts yet.");

        // There are 60 starts, one per minute. A page lists 50 of them, the latest first.
        OffsetDateTime first =
                InstantSource.system().instant().minusSeconds(86_400).atOffset(ZoneOffset.UTC);
        for (int i = 0; i < 60; i++) {
            console.service()
                    .bean(JdbcClient.class)
                    .sql("insert into autoscan_start (id, instance_id, due_at, decided_at, cause, outcome, reason)"
                            + " values (:id, :instanceId, :at, :at, 'schedule', 'skipped', :reason)")
                    .param("id", UUID.randomUUID())
                    .param("instanceId", UUID.fromString(id))
                    .param("at", first.plusMinutes(i))
                    .param("reason", "reason " + i)
                    .update();
        }

        assertThat(client.get(page).body()).contains("href=\"" + page + "/starts\"");
        assertThat(client.get(page + "/starts").body())
                .contains("reason 59", "id=\"next\"")
                .doesNotContain("reason 9<");
        assertThat(client.get(page + "/starts?page=2").body())
                .contains("reason 9<", "id=\"previous\"")
                .doesNotContain("id=\"next\"", "reason 59");
    }

    @Test
    void scans_filteredByTheNameOfAnInstance_areTheScansOfTheInstance() {
        String name = console.newName();
        String id = console.register(admin, name, console.redisUri());
        String scanId = console.startSlowScan(id);
        console.finishScan(scanId);

        assertThat(client.get("/console/scans?instance=" + name).body()).contains("/console/scans/" + scanId);
        assertThat(client.get("/console/scans?instanceId=" + id).body()).contains("value=\"" + name + "\"");
        assertThat(client.get("/console/scans?instance=nobody").body())
                .contains("Your project has no instance with this name.")
                .doesNotContain("/console/scans/" + scanId);
    }

    @Test
    void estimateForm_withLengthAndStepOfTheForecast_makesAForecastWithThem() {
        String id = console.register(admin, console.newName(), console.redisUri());
        String page = "/console/instances/" + id;

        // The forecast is too long.
        Answer refusal = client.submit(
                page,
                page + "/estimate",
                Map.of("samplePrimary", "on", "forecastMinutes", "90 d", "stepMinutes", "1 h"));
        assertThat(refusal.body())
                .contains("Length of the forecast is &#39;90 d&#39;, must be a duration in whole minutes");

        // A forecast of two days has 48 periods (steps) of one hour.
        console.plantTtls();
        Answer estimated = client.submit(
                page,
                page + "/estimate",
                Map.of("samplePrimary", "on", "forecastMinutes", "2 d", "stepMinutes", "1 h"));
        assertThat(estimated.body()).contains("id=\"forecast\"");
        assertThat(api("/api/v1/instances/" + id + "/estimates")
                        .at("/insight/forecast/steps")
                        .size())
                .isEqualTo(48);
    }
}
