package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.keysweep.server.TestService.Credentials;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests in a real browser rules for all pages of the console, the overview of many instances, and webhooks.
 *
 * <p>The rules concern access, texts of users, lost connections, languages, accessibility and the size of pages.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsolePagesIT extends ConsoleTesting {

    @Test
    void signIn_withAKey_opensThePage_orHidesWhichPartOfItIsWrong() {
        Page page = console.browser().open(/* width= */ 1_200, /* height= */ 800);
        page.navigate("/");

        assertThat(page.url()).endsWith("/console/sign-in?to=%2Fconsole");

        // First the secret key is wrong, then the access key. The message is the same.
        for (Credentials wrong : new Credentials[] {
            new Credentials("", admin.accessKey(), "wrong"),
            new Credentials("", "NOSUCHACCESSKEY00000", admin.secretKey())
        }) {
            ConsoleBrowser.signIn(page, wrong.accessKey(), wrong.secretKey());
            expect(page.getByRole(AriaRole.ALERT))
                    .hasText("The access key (or name) or the secret key (or password) is wrong.");
            expect(page.getByLabel("Secret key")).hasValue("");
        }

        // The sign-in leads to the page that was requested before it.
        page.navigate("/console/workers");
        page.getByLabel("Access key").fill(admin.accessKey());
        page.getByLabel("Secret key").fill(admin.secretKey());
        page.keyboard().press("Enter");
        expect(page.getByRole(AriaRole.HEADING, heading("Workers"))).isVisible();

        // After the sign-out, the page asks for a sign-in again.
        press(page, "Sign out");
        page.navigate("/console/workers");
        expect(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")))
                .isVisible();
    }

    @Test
    void accessKey_withFewPermissions_getsOnlyTheirPagesAndForms() {
        // The overview shows only links and forms that the key is allowed to use.
        Credentials teamKey = console.service().project("watchers");
        String instanceId = console.register(teamKey, "theirs", ConsoleFixture.UNREACHABLE_URI);
        Page page = console.browser()
                .signedIn(console.accessKey(teamKey, "dcs:instance:list", "dcs:instance:getAutoExpiredKeyScanTask"));
        expect(page.locator("#instances")).containsText("theirs");
        expect(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("theirs")))
                .hasCount(0);
        expect(page.getByText("Register an instance")).hasCount(0);
        expect(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Workers")))
                .hasCount(0);

        // The pages without a link are also refused if their address is typed.
        for (String path : new String[] {"/console/instances/" + instanceId, "/console/workers", "/console/register"}) {
            assertThat(Objects.requireNonNull(page.navigate(path)).status())
                    .as(path)
                    .isEqualTo(403);
            expect(page.locator("main")).containsText("Your access key does not allow this");
        }

        // The service also refuses a form that the page does not offer. The test sends it by the button Sign out.
        page.navigate("/console/holds");
        expect(page.locator("main button")).hasCount(0);
        page.evaluate("document.querySelector('form.who').action = '/console/holds/all'");
        press(page, "Sign out");
        expect(page.locator("main")).containsText("keysweep:hold:manage");

        // An instance of another project does not exist for the caller.
        Page pageOfOtherProject = console.browser().signedIn(admin);
        assertThat(Objects.requireNonNull(pageOfOtherProject.navigate("/console/instances/" + instanceId))
                        .status())
                .isEqualTo(404);

        expect(pageOfOtherProject.locator("main")).containsText("Your project has no such instance.");
    }

    @Test
    void instanceThatTheCallerMayListButNotOpen_hasNoLink() {
        // The caller is allowed to list all instances, and to open one of them.
        Credentials teamKey = console.service().newAdministrator("partly open");
        String open = console.register(teamKey, "open-one", ConsoleFixture.UNREACHABLE_URI);
        String closed = console.register(teamKey, "closed-one", ConsoleFixture.UNREACHABLE_URI);
        String api = "/api/v1/projects/" + teamKey.projectId();

        console.service()
                .call(
                        teamKey,
                        "PUT",
                        api + "/access-policies/partly",
                        "{\"statements\":[{\"effect\":\"allow\",\"actions\":[\"dcs:instance:list\"]},"
                                + "{\"effect\":\"allow\",\"actions\":[\"dcs:instance:get\"],\"instances\":[\""
                                + open + "\"]}]}");
        JsonNode key = console.service()
                .call(teamKey, "POST", api + "/access-keys", "{\"policies\":[\"partly\"]}")
                .body();
        Page page = console.browser()
                .signedIn(new Credentials(
                        teamKey.projectId(),
                        key.get("accessKey").asString(),
                        key.get("secretKey").asString()));

        // Both are in the list, and one of them has a link.
        expect(page.locator("#instances")).containsText("closed-one");
        expect(page.locator("#instance-" + open)).hasText("open-one");
        expect(page.locator("#instance-" + closed)).hasCount(0);
    }

    @Test
    void textsOfUsers_withHtml_areShownAsText() {
        String html = "<img src=x onerror=alert(1)>";
        String instanceId = console.register(admin, html, console.redisUri());
        String scanId = console.startSlowScan(instanceId);
        Page page = console.browser().signedIn(admin);
        page.onDialog(dialog -> {
            throw new AssertionError("a script in a user's text ran: " + dialog.message());
        });

        // The overview and the page of an instance show its name as text.
        expect(page.locator("#now").getByText(html).first()).isVisible();
        page.navigate("/console/instances/" + instanceId);
        expect(page.getByRole(AriaRole.HEADING, heading(html))).isVisible();

        // The reasons of a pause and of a hold are also shown as text.
        ConsoleFixture.openScan(page, scanId);
        page.getByText("Pause…").click();
        page.locator("#pause-reason").fill("\"'><script>alert(2)</script>");
        press(page, "Pause scan");
        expect(page.locator("#live .why").first()).containsText("\"'><script>alert(2)</script>");
        page.navigate("/console/holds");
        page.locator("#project-reason").fill(html);
        press(page, "Hold project");
        expect(page.locator("#banner")).containsText(html);
        assertThat(page.locator("img[src=x]").count()).isZero();

        // Other tests that run at the same time may hold their own projects.
        Locator release = page.locator("#release-" + admin.projectId());
        release.click();
        expect(release).hasCount(0);
        console.finishScan(scanId);
        console.service().call(admin, "DELETE", "/api/v1/instances/" + instanceId, "");
    }

    @Test
    void pageAboutTheApis_showsBothDescriptions() {
        Page page = console.browser().signedIn(admin);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("APIs"))
                .click();
        expect(page.locator("#operations-instances-ShowTags")).isVisible();

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Native API"))
                .click();
        expect(page.locator("#operations-service-getOpenApi")).isVisible();
    }

    @Test
    void page_withoutAConnection_showsABannerUntilTheServiceResponds() {
        Page page = console.browser().signedIn(admin);
        page.context().setOffline(true);
        expect(page.getByRole(AriaRole.ALERT)).containsText("The service does not respond");

        page.context().setOffline(false);
        expect(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void language_ofTheBrowserOrOfTheSwitch_isUsedByAllPages() {
        // The browser prefers Chinese.
        Page page = console.browser().open(/* width= */ 1_200, /* height= */ 800, "zh-CN");
        page.navigate("/console/sign-in");
        expect(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("登录")))
                .isVisible();
        page.getByLabel("访问密钥").fill(admin.accessKey());
        page.getByLabel("秘密密钥").fill(admin.secretKey());
        press(page, "登录");
        expect(page.getByRole(AriaRole.HEADING, heading("概览"))).isVisible();
        page.navigate("/console/policies");
        expect(page.getByRole(AriaRole.HEADING, heading("策略"))).isVisible();

        // The user switches to English.
        press(page, "English");
        expect(page.getByRole(AriaRole.HEADING, heading("Policies"))).isVisible();
        page.navigate("/console/nonsense");
        expect(page.locator("main")).containsText("This page does not exist.");
        page.navigate("/console/policies/windows");
        expect(page.locator("main")).containsText("This is the address of a form");
    }

    @Test
    void webhook_afterCreationAndChange_isShownWithDeliveries_andWithItsSecretOnce() {
        // The form refuses an unknown scheme, and then creates the webhook.
        Page page = console.browser().signedIn(admin, "/console/webhooks");
        page.locator("#webhook-url").fill("ftp://nowhere");
        press(page, "Create webhook");
        expect(fieldError(page, "webhook-url")).isVisible();
        page.locator("#webhook-url").fill("http://127.0.0.1:1/hook");
        page.locator("#webhook-heldMinutes").fill("1 h");
        press(page, "Create webhook");
        expect(page.locator("#webhook-secret")).containsText("whsec_");

        // Its page does not show the secret. A test message is sent twice, and the page lists the deliveries.
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("http://127.0.0.1:1/hook"))
                .click();
        expect(page.locator("#webhook-secret")).hasCount(0);
        press(page, "Send a test message");
        expect(page.locator("#deliveries")).containsText("ping");
        press(page, "Deliver again");
        expect(page.locator("#deliveries")).containsText("ping");

        // The webhook is switched off.
        page.getByText("Change…").click();
        expect(page.locator("#webhook-heldMinutes")).hasValue("1 h");
        page.getByLabel("Send messages").uncheck();
        press(page, "Save webhook");
        page.navigate("/console/webhooks");
        expect(page.locator("#webhooks tr:has-text('/hook') .state")).hasText("disabled");
        expect(page.locator("#webhooks tr:has-text('/hook')")).containsText("A scan has failed");

        // The audit log has the creation.
        page.navigate("/console/audit?action=createWebhook");
        expect(page.locator("#entries tbody tr").first()).containsText("createWebhook");
    }

    @Test
    void webhookForm_thatIsRefused_keepsItsValues() {
        // The form of a new webhook selects no event.
        Page page = console.browser().signedIn(admin, "/console/webhooks");
        page.locator("#webhook-url").fill("http://127.0.0.1:1/kept");
        page.locator("main input[name=events]").all().forEach(Locator::uncheck);
        press(page, "Create webhook");
        expect(page.locator("fieldset .problem")).isVisible();
        expect(page.locator("fieldset")).hasAttribute("aria-describedby", "webhook-events-problem");
        expect(page.locator("main input[name=events]:checked")).hasCount(0);

        // The form of a change has an unknown scheme and another event, and it switches the webhook off.
        page.locator("input[value='scan.failed']").check();
        press(page, "Create webhook");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("http://127.0.0.1:1/kept"))
                .click();
        page.getByText("Change…").click();
        page.getByLabel("Send messages").uncheck();
        page.locator("#webhook-url").fill("ftp://nowhere");
        page.locator("input[value='scan.held']").check();
        press(page, "Save webhook");
        expect(fieldError(page, "webhook-url")).isVisible();
        expect(page.locator("#webhook-url")).hasValue("ftp://nowhere");
        expect(page.locator("main input[name=events]:checked")).hasCount(2);
        expect(page.getByLabel("Send messages")).not().isChecked();
    }

    @Test
    void error_inAClosedPartOfAForm_opensThatPart() {
        Page page = console.browser().signedIn(admin, "/console/register");
        page.locator("#register-name").fill(console.newName());
        page.locator("#register-uri").fill("rediss://127.0.0.1:1");
        page.getByText("TLS certificates").click();
        page.locator("#register-tlsCa").fill("nonsense");
        press(page, "Register");

        expect(fieldError(page, "register-tlsCa")).isVisible();
        expect(page.locator("#register-tlsCa")).hasValue("nonsense");
    }

    @Test
    void overview_ofAThousandInstances_filtersSortsAndPages() {
        Credentials teamKey = console.service().newAdministrator("fleet of a thousand");
        StringBuilder document = new StringBuilder("{\"instances\":[");
        for (int i = 0; i < 1_000; i++) {
            document.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"fleet-")
                    .append(1_000 + i)
                    .append("\",\"uri\":\"redis://127.0.0.1:1\",\"tags\":{\"shard\":\"s")
                    .append(i % 7)
                    .append("\"}}");
        }

        assertThat(console.service()
                        .call(
                                teamKey,
                                "POST",
                                "/api/v1/instances/apply",
                                document.append("]}").toString())
                        .status())
                .isEqualTo(200);

        // The first page shows 25 instances.
        Page page = console.browser().signedIn(teamKey);
        expect(page.locator(".tiles")).containsText("1,000");
        expect(page.locator("#instances tbody tr")).hasCount(25);
        expect(page.locator("#shown")).hasText("1–25 of 1,000");

        // A seventh of the instances has the tag, and is on several pages.
        page.locator("#filter-sort").selectOption("name");
        page.locator("#filter-tag").selectOption("shard=s3");
        press(page, "Filter");
        expect(page.locator("#shown")).hasText("1–25 of 143");
        expect(page.locator("#instances tbody tr").first()).containsText("fleet-1003");
        page.locator("#next").click();
        expect(page.locator("#shown")).hasText("26–50 of 143");

        // One instance has this number in its name. In the order of names, it is the last of all.
        page.locator("#filter").fill("1999");
        page.locator("#filter-tag").selectOption("");
        press(page, "Filter");
        expect(page.locator("#instances tbody tr")).hasCount(1);
        page.navigate("/console?sort=name&page=40");
        expect(page.locator("#instances tbody tr").last()).containsText("fleet-1999");

        // The page is also small enough with a chart for each instance.
        plantTrends(teamKey, /* instances= */ 25, /* days= */ 30);
        PageChecks checks = new PageChecks(console, teamKey);
        checks.checkWeight(page, "/console?sort=name");
        expect(page.locator("svg.spark")).hasCount(25);
        assertThat(checks.problems()).isEmpty();
    }

    /**
     * Checks each page in a wide window with light colors, and in a narrow window with dark colors. A full run also
     * checks the other combinations. The size is the number of bytes of the first load: pages are sent uncompressed,
     * styles and scripts compressed.
     */
    @Test
    void pages_inAllSizesAndColors_areAccessible_andSmallEnough() {
        PageChecks checks = new PageChecks(console, admin);
        Page page = console.browser().signedIn(admin);
        checks.prepare(page);
        for (String path : checks.createPages()) {
            checks.checkWeight(page, path);
            checks.checkAccessibility(page, path, PageChecks.DESKTOP, ColorScheme.LIGHT);
            checks.checkAccessibility(page, path, PageChecks.PHONE, ColorScheme.DARK);
            if (Boolean.getBoolean("keysweep.full")) {
                checks.checkAccessibility(page, path, PageChecks.DESKTOP, ColorScheme.DARK);
                checks.checkAccessibility(page, path, PageChecks.PHONE, ColorScheme.LIGHT);
            }
            checks.checkWidth(page, path, PageChecks.NARROWEST_PHONE);
        }

        assertThat(checks.problems()).isEmpty();
    }

    /** Stores a measurement for each of the last days, for the first instances of a project in the order of names. */
    private void plantTrends(Credentials teamKey, int instances, int days) {
        JdbcClient jdbc = console.service().bean(JdbcClient.class);
        OffsetDateTime now = InstantSource.system().instant().atOffset(ZoneOffset.UTC);
        List<UUID> ids = jdbc.sql("select id from instance where project_id = :project order by name limit :instances")
                .param("project", teamKey.projectId())
                .param("instances", instances)
                .query((row, number) -> row.getObject(1, UUID.class))
                .list();
        for (UUID id : ids) {
            for (int day = 0; day < days; day++) {
                jdbc.sql("insert into instance_trend (id, instance_id, measured_at, minutes, scans, reclaimed, visited,"
                                + " dead_keys, dead_bytes)"
                                + " values (:id, :instance, :at, 1440, 1, :reclaimed, 2000000, :dead, 123456789)")
                        .param("id", UUID.randomUUID())
                        .param("instance", id)
                        .param("at", now.minusDays(day).truncatedTo(ChronoUnit.DAYS))
                        .param("reclaimed", 100_000 + 7_919 * day)
                        .param("dead", 200_000 + 6_007 * day)
                        .update();
            }
        }
    }

    /** Returns the message at a field of a form. */
    private static Locator fieldError(Page page, String field) {
        return page.locator("#" + field + "-hint .problem");
    }
}
