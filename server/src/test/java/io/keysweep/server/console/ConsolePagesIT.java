package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService.Credentials;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests in a real browser the properties of all console pages (access, safe texts, connection loss, narrow screens), and
 * the pages that show, change and remove instances.
 */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsolePagesIT {

    private ConsoleFixture console;
    private Credentials admin;

    @BeforeAll
    void start(@TempDir Path home) {
        console = ConsoleFixture.start(home);
        admin = console.administrator();
    }

    @BeforeEach
    void plantDeadKeys() {
        console.plantDeadKeys();
    }

    @AfterEach
    void pages_haveNoScriptErrors() {
        assertThat(console.browser().pageErrors()).isEmpty();
    }

    @AfterAll
    void stop() {
        console.close();
    }

    @Test
    void signIn_withWrongKey_doesNotSayWhichPartIsWrong_andRightKeyOpensRequestedPage() {
        Page page = console.browser().open(1200, 800);
        page.navigate("/");
        assertThat(page.url()).endsWith("/console/sign-in?to=%2Fconsole");
        for (Credentials wrong : new Credentials[] {
            new Credentials("", admin.accessKey(), "wrong"),
            new Credentials("", "NOSUCHACCESSKEY00000", admin.secretKey())
        }) {
            ConsoleBrowser.signIn(page, wrong.accessKey(), wrong.secretKey());
            expect(page.getByRole(AriaRole.ALERT)).hasText("The access key or the secret key is wrong.");
            expect(page.getByLabel("Secret key")).hasValue("");
        }
        page.navigate("/console/workers");
        page.getByLabel("Access key").fill(admin.accessKey());
        page.getByLabel("Secret key").fill(admin.secretKey());
        page.keyboard().press("Enter");
        expect(page.getByRole(AriaRole.HEADING, heading("Workers"))).isVisible();
        press(page, "Sign out");
        page.navigate("/console/workers");
        expect(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")))
                .isVisible();
    }

    @Test
    void accessKey_withFewActions_seesAndDoesOnlyThese() {
        Credentials team = console.service().project("watchers");
        String instanceId = console.register(team, "theirs", ConsoleFixture.UNREACHABLE_URI);
        Page page = console.browser()
                .signedIn(console.accessKey(team, "dcs:instance:list", "dcs:instance:getAutoExpiredKeyScanTask"));
        expect(page.locator("#instances")).containsText("theirs");
        expect(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("theirs")))
                .hasCount(0);
        expect(page.getByText("Register an instance")).hasCount(0);
        expect(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Workers")))
                .hasCount(0);
        for (String path : new String[] {"/console/instances/" + instanceId, "/console/workers", "/console/register"}) {
            assertThat(Objects.requireNonNull(page.navigate(path)).status())
                    .as(path)
                    .isEqualTo(403);
            expect(page.locator("main")).containsText("Your access key does not allow this");
        }
        page.navigate("/console/holds");
        expect(page.locator("main button")).hasCount(0);
        // The service also refuses a request that the page does not offer.
        page.evaluate("document.querySelector('form.who').action = '/console/holds/all'");
        press(page, "Sign out");
        expect(page.locator("main")).containsText("keysweep:hold:manage");
        // An instance of another project does not exist for the caller.
        Page others = console.browser().signedIn(admin);
        assertThat(Objects.requireNonNull(others.navigate("/console/instances/" + instanceId))
                        .status())
                .isEqualTo(404);
        expect(others.locator("main")).containsText("Your project has no such instance.");
    }

    @Test
    void userTexts_withHtml_areShownAsText() {
        String html = "<img src=x onerror=alert(1)>";
        String instanceId = console.register(admin, html, console.redisUri());
        String scanId = console.startSlowScan(instanceId);
        Page page = console.browser().signedIn(admin);
        page.onDialog(dialog -> {
            throw new AssertionError("a script in a user's text ran: " + dialog.message());
        });
        expect(page.locator("#now").getByText(html).first()).isVisible();
        page.navigate("/console/instances/" + instanceId);
        expect(page.getByRole(AriaRole.HEADING, heading(html))).isVisible();
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
        press(page, "Release");
        expect(page.getByText("No hold is active.")).isVisible();
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
    void page_withoutConnection_showsBannerUntilServiceResponds() {
        Page page = console.browser().signedIn(admin);
        page.context().setOffline(true);
        expect(page.getByRole(AriaRole.ALERT)).containsText("The service does not respond");
        page.context().setOffline(false);
        expect(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void pages_onPhone_fitItsWidth() {
        String scanId = console.startSlowScan(
                console.register(admin, "a-rather-long-name-of-an-instance-that-has-to-break", console.redisUri()));
        Page page = console.browser().open(360, 740);
        ConsoleBrowser.signIn(page, admin.accessKey(), admin.secretKey());
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
        String instance = console.service()
                .call(admin, "GET", "/api/v1/scans/" + scanId, "")
                .body()
                .get("instanceId")
                .asString();
        for (String path : new String[] {
            "",
            "/scans",
            "/holds",
            "/policies",
            "/ceilings",
            "/approvals",
            "/webhooks",
            "/audit",
            "/workers",
            "/register",
            "/scans/" + scanId,
            "/instances/" + instance,
            "/nonsense"
        }) {
            page.navigate("/console" + path);
            assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isLessThanOrEqualTo(360);
            page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true; })");
            assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                    .as("%s with open forms", path)
                    .isLessThanOrEqualTo(360);
            assertThat(ConsoleBrowser.obstacles(page)).as(path).isEmpty();
        }
        console.finishScan(scanId);
    }

    @Test
    void automaticScan_changedAgainstDcsRules_showsErrorAtField() {
        Page page = console.browser().signedIn(admin);
        page.navigate(
                "/console/instances/" + console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI));
        expect(page.locator("main > .notice.bad")).containsText("127.0.0.1:1");
        page.getByLabel("Start scans automatically").check();
        page.getByLabel("First start (UTC)").fill("2020-01-01T00:00:00");
        press(page, "Save");
        expect(fieldError(page, "automatic-firstScanAt"))
                .containsText("first_scan_at is '2020-01-01T00:00:00', must be later");
        expect(page.getByLabel("Start scans automatically")).isChecked();
        page.getByLabel("First start (UTC)").fill("2099-01-01T02:00:00");
        page.locator("#automatic-interval").fill("abc");
        press(page, "Save");
        expect(fieldError(page, "automatic-interval"))
                .hasText("interval is 'abc', must be a duration such as 12 h, 1 d or 90 min.");
        page.locator("#automatic-interval").fill("1 h");
        page.locator("#automatic-timeout").fill("1 min");
        press(page, "Save");
        expect(fieldError(page, "automatic-timeout")).hasText("timeout is '60', must be at least 7200 seconds.");
        page.locator("#automatic-timeout").fill("2 h");
        page.getByLabel("Keys per SCAN call").fill("5");
        press(page, "Save");
        expect(fieldError(page, "automatic-scanKeysCount")).hasText("scan_keys_count is '5', must be 10 to 1000.");
        page.getByLabel("Keys per SCAN call").fill("500");
        press(page, "Save");
        expect(page.getByText("2099-01-01 02:00:00 UTC").first()).isVisible();
        expect(page.locator("#next-starts li")).hasCount(10);
        expect(page.locator("#automatic-interval")).hasValue("1 h");
        expect(page.locator(".problem")).hasCount(0);
    }

    @Test
    void forms_withBadInput_showErrorAtField_andKeepValues() {
        Page page = console.browser().signedIn(admin);
        page.navigate("/console/register");
        page.getByLabel("Name").fill("kept");
        page.getByLabel("URI").fill("http://nowhere");
        press(page, "Register");
        expect(page.getByLabel("Name")).hasValue("kept");
        expect(page.locator("#register-uri-hint .problem")).isVisible();
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Scan now…").click();
        page.locator("#scan-timeoutSeconds").fill("0");
        press(page, "Start scan");
        expect(fieldError(page, "scan-timeoutSeconds"))
                .hasText("timeoutSeconds is '0', must be a whole number of seconds from 1 to 5184000.");
        String unreachable = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        page.navigate("/console/instances/" + unreachable);
        page.getByText("Scan now…").click();
        press(page, "Start scan");
        expect(page.getByRole(AriaRole.ALERT).first()).containsText("127.0.0.1:1");
    }

    @Test
    void tags_areShown_changedByTheRulesOfTheApi_andAudited() {
        Page page = console.browser().signedIn(admin);
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        page.navigate("/console/instances/" + instanceId);
        expect(page.locator("#tags")).hasText("–");
        page.getByText("Tags…").click();
        page.locator("#tags-tags").fill("env=prod, team=a*b");
        press(page, "Save tags");
        expect(fieldError(page, "tags-tags")).containsText("tags.team is 'a*b', must be a text of 0 to 255 letters");
        expect(page.locator("#tags-tags")).hasValue("env=prod, team=a*b");
        page.locator("#tags-tags").fill("env=prod, team=shop");
        press(page, "Save tags");
        expect(page.locator("#tags")).hasText("env=prod, team=shop");
        page.getByText("Tags…").click();
        page.locator("#tags-tags").fill("team=shop");
        press(page, "Save tags");
        expect(page.locator("#tags")).hasText("team=shop");
        String entries = console.service()
                .call(admin, "GET", "/api/v1/audit?resource=" + instanceId, "")
                .response()
                .body();
        assertThat(entries).contains("changeInstance", "\"session\"");
    }

    @Test
    void ceilings_setInTheForm_areShown_andRefuseAFasterScanAtItsField() {
        Page page = console.browser().signedIn(admin);
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        page.navigate("/console/instances/" + instanceId);
        expect(page.locator("#ceilings")).containsText("No ceiling is set.");
        page.getByText("Change the ceilings of this instance…").click();
        page.locator("#ceilings-maxShare").fill("2");
        page.locator("#ceilings-maxReplicaLagBytes").fill("64 MiB");
        press(page, "Save ceilings");
        expect(fieldError(page, "ceilings-maxShare")).hasText("maxShare is '2', must be a number from 0.001 to 1.");
        expect(page.locator("#ceilings-maxReplicaLagBytes")).hasValue("64 MiB");
        page.locator("#ceilings-maxShare").fill("");
        page.locator("#ceilings-maxProfile").selectOption("gentle");
        page.locator("#ceilings-maxRate").fill("100");
        press(page, "Save ceilings");
        expect(page.locator("#ceilings")).containsText("gentle (the instance)");

        page.getByText("Scan now…").click();
        page.locator("#scan-profile").selectOption("full");
        page.locator("#scan-rateCeiling").fill("101");
        press(page, "Start scan");
        expect(fieldError(page, "scan-profile"))
                .hasText("profile is 'full', must be at most gentle (maxProfile of the instance).");
        expect(fieldError(page, "scan-rateCeiling"))
                .hasText("rateCeiling is '101', must be at most 100 (maxRate of the instance).");
        page.navigate("/console/ceilings");
        expect(page.getByRole(AriaRole.HEADING, heading("Ceilings"))).isVisible();
        page.getByText("Change the ceilings of the project…").click();
        expect(page.locator("#ceilings-tag-0-key")).isVisible();
    }

    @Test
    void settings_testedBeforeSaving_keepTheAddressUntilTheyAreSaved() {
        Page page = console.browser().signedIn(admin);
        String name = console.newName();
        page.navigate("/console/instances/" + console.register(admin, name, ConsoleFixture.UNREACHABLE_URI));
        page.getByText("Settings…").click();
        page.locator("#settings-test").click();
        expect(page.locator("#settings-check")).containsText("It cannot be swept: ");
        page.locator("#settings-uri").fill(console.redisUri());
        page.locator("#settings-test").click();
        expect(page.locator("#settings-check")).containsText("It can be swept.");
        expect(page.locator("h1 + p")).hasText(ConsoleFixture.UNREACHABLE_URI);
        page.locator("#settings-name").fill(name + "-new");
        press(page, "Save settings");
        expect(page.getByRole(AriaRole.HEADING, heading(name + "-new"))).isVisible();
        expect(page.locator("h1 + p")).hasText(console.redisUri());
        expect(page.getByText("Redis 7.0.").first()).isVisible();
    }

    @Test
    void windowsAndStartPolicy_setInTheirForms_areShown_andErrorsAreAtTheirRow() {
        Page page = console.browser().signedIn(admin);
        page.navigate("/console/instances/" + console.register(admin, console.newName(), console.redisUri()));
        page.getByText("Change the windows of this instance…").click();
        page.getByLabel("Monday, window 1").check();
        page.getByLabel("Sunday, window 1").check();
        page.locator("#from-0").fill("22:00");
        page.locator("#until-0").fill("6 am");
        page.locator("#windows-timeZone").fill("Asia/Shanghai");
        page.locator("#windows-spread").fill("2 h");
        press(page, "Save windows");
        expect(page.locator("#windows table .problem")).containsText("until");
        expect(page.locator("#from-0")).hasValue("22:00");
        page.locator("#until-0").fill("06:00");
        press(page, "Save windows");
        expect(page.locator("#windows")).containsText("Monday, Sunday 22:00–06:00 Asia/Shanghai");
        expect(page.locator("#windows")).containsText("spread over 120 min");

        page.getByText("Change the start policy of this instance…").click();
        page.locator("#start-policy-deadPercent").fill("250");
        press(page, "Save start policy");
        expect(fieldError(page, "start-policy-deadPercent")).containsText("deadPercent is '250'");
        page.locator("#start-policy-deadPercent").fill("12.5");
        press(page, "Save start policy");
        expect(page.locator("#start-policy")).containsText("at least 12.5 % of the keys");
    }

    @Test
    void language_chosenByBrowserOrSwitch_isThatOfThePages() {
        Page page = console.browser().open(1200, 800, "zh-CN");
        page.navigate("/console/sign-in");
        expect(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("登录")))
                .isVisible();
        page.getByLabel("访问密钥").fill(admin.accessKey());
        page.getByLabel("秘密密钥").fill(admin.secretKey());
        press(page, "登录");
        expect(page.getByRole(AriaRole.HEADING, heading("概览"))).isVisible();
        page.navigate("/console/policies");
        expect(page.getByRole(AriaRole.HEADING, heading("策略"))).isVisible();
        press(page, "English");
        expect(page.getByRole(AriaRole.HEADING, heading("Policies"))).isVisible();
        page.navigate("/console/nonsense");
        expect(page.locator("main")).containsText("This page does not exist.");
    }

    @Test
    void webhook_createdTestedAndChanged_showsItsSecretOnceAndItsDeliveries() {
        Page page = console.browser().signedIn(admin);
        page.navigate("/console/webhooks");
        page.locator("#webhook-url").fill("ftp://nowhere");
        press(page, "Create webhook");
        expect(fieldError(page, "webhook-url")).isVisible();
        page.locator("#webhook-url").fill("http://127.0.0.1:1/hook");
        page.locator("#webhook-held").fill("1 h");
        press(page, "Create webhook");
        expect(page.locator("#webhook-secret")).containsText("whsec_");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("http://127.0.0.1:1/hook"))
                .click();
        expect(page.locator("#webhook-secret")).hasCount(0);
        press(page, "Send a test message");
        expect(page.locator("#deliveries")).containsText("ping");
        press(page, "Deliver again");
        expect(page.locator("#deliveries")).containsText("ping");
        page.getByText("Change…").click();
        expect(page.locator("#webhook-held")).hasValue("1 h");
        page.getByLabel("Send messages").uncheck();
        press(page, "Save webhook");
        page.navigate("/console/webhooks");
        expect(page.locator("#webhooks .state")).hasText("off");
        page.navigate("/console/audit?action=createWebhook");
        expect(page.locator("#entries tbody tr").first()).containsText("createWebhook");
    }

    @Test
    void fleetOfAThousand_isFilteredSortedAndPaged() {
        Credentials team = console.service().newAdministrator("fleet of a thousand");
        StringBuilder document = new StringBuilder("{\"instances\":[");
        for (int i = 0; i < 1000; i++) {
            document.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"fleet-")
                    .append(1000 + i)
                    .append("\",\"uri\":\"redis://127.0.0.1:1\",\"tags\":{\"shard\":\"s")
                    .append(i % 7)
                    .append("\"}}");
        }
        assertThat(console.service()
                        .call(
                                team,
                                "POST",
                                "/api/v1/instances/apply",
                                document.append("]}").toString())
                        .status())
                .isEqualTo(200);
        Page page = console.browser().signedIn(team);
        expect(page.locator(".tiles")).containsText("1,000");
        expect(page.locator("#instances tbody tr")).hasCount(50);
        expect(page.locator("#shown")).hasText("1–50 of 1,000");
        page.locator("#filter-sort").selectOption("name");
        page.locator("#filter-tag").selectOption("shard=s3");
        press(page, "Filter");
        expect(page.locator("#shown")).hasText("1–50 of 143");
        expect(page.locator("#instances tbody tr").first()).containsText("fleet-1003");
        page.locator("#next").click();
        expect(page.locator("#shown")).hasText("51–100 of 143");
        page.locator("#filter").fill("1999");
        page.locator("#filter-tag").selectOption("");
        press(page, "Filter");
        expect(page.locator("#instances tbody tr")).hasCount(1);
        page.navigate("/console?sort=name&page=20");
        expect(page.locator("#instances tbody tr").last()).containsText("fleet-1999");
    }

    @Test
    void estimate_requested_replacesFragment_orSaysWhatIsMissing() {
        Page page = console.browser().signedIn(admin);
        page.navigate("/console/instances/" + console.register(admin, console.newName(), console.redisUri()));
        press(page, "Estimate");
        expect(page.locator("#estimate").getByRole(AriaRole.ALERT)).containsText("replica");
        page.locator("#estimate").getByLabel("Sample the primary").check();
        press(page, "Estimate");
        expect(page.locator("#estimate")).containsText("Dead keys (");
        expect(page.locator("#estimate")).containsText(admin.accessKey());
    }

    @Test
    void instance_withActiveScan_isRemovedOnlyAfterScanHasEnded() {
        Page page = console.browser().signedIn(admin);
        String name = console.newName();
        String instanceId = console.register(admin, name, console.redisUri());
        String scanId = console.startSlowScan(instanceId);
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Remove…").click();
        press(page, "Remove " + name);
        expect(page.getByRole(AriaRole.ALERT).first()).hasText("Remove it once the scan has ended.");
        console.finishScan(scanId);
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Remove…").click();
        press(page, "Remove " + name);
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
        expect(page.locator("#instances")).not().containsText(name);
    }

    private static Locator fieldError(Page page, String field) {
        return page.locator("#" + field + "-hint .problem");
    }
}
