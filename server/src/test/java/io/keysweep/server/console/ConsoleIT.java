package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The console as an operator sees it: a real browser, a real service, a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;
    private static final String NOWHERE = "redis://127.0.0.1:1";

    /** So slow that a scan does not end before it is told anything. */
    private static final String SLOW = "2000";

    private TestService service;
    private ConsoleBrowser browser;
    private RedisServer redis;
    private KeySpace keys;
    private Credentials admin;
    private int names;

    @BeforeAll
    void start(@TempDir Path home) {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        service = TestService.start(home, Map.of("KEYSWEEP_WORKER_HEARTBEAT_SECONDS", "1"));
        browser = ConsoleBrowser.start(service);
        admin = service.administrator();
        keys = KeySpace.frozen(redis.client()).plant(0, LIVE, 0);
    }

    @BeforeEach
    void plant() {
        keys.plant(0, 0, Math.toIntExact(LIVE + DEAD - keys.size(0)));
    }

    @AfterEach
    void nothingWasComplainedAbout() {
        assertThat(browser.complaints()).isEmpty();
    }

    @AfterAll
    void stop() {
        browser.close();
        service.close();
        redis.close();
    }

    @Test
    void signIn_withAWrongKey_saysNotWhichHalf_andLeadsOnWithTheRightOne() {
        Page page = browser.open(1200, 800);
        page.navigate("/");
        assertThat(page.url()).endsWith("/console/sign-in?to=%2Fconsole");
        for (Credentials wrong : new Credentials[] {
            new Credentials("", admin.accessKey(), "wrong"),
            new Credentials("", "NOSUCHACCESSKEY00000", admin.secretKey())
        }) {
            ConsoleBrowser.signIn(page, wrong.accessKey(), wrong.secretKey());
            expect(page.getByRole(AriaRole.ALERT)).hasText("Access key or secret key is wrong.");
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
    void scan_isRegisteredStartedPausedResumedAndTuned_andSeenLiveToItsExactEnd() {
        Page page = browser.signedIn(admin);
        String name = name();
        page.getByText("Register an instance").click();
        page.getByLabel("Name").fill(name);
        page.getByLabel("URI").fill(redis.uri());
        press(page, "Register");
        expect(page.getByRole(AriaRole.HEADING, heading(name))).isVisible();
        expect(page.getByText("Redis 7.0.")).isVisible();
        page.getByText("Scan now…").click();
        page.getByLabel("Rate ceiling").fill(SLOW);
        press(page, "Start the scan");

        expect(page.getByRole(AriaRole.HEADING, heading("Scan of " + name))).isVisible();
        Locator reclaimed = page.locator("#reclaimed");
        expect(reclaimed).not().hasText("0");
        Locator progress = page.locator("progress.large");
        double early = fraction(progress);
        expect(page.getByText("Keys/s", exactly())).isVisible();
        page.getByText("Pause…").click();
        page.getByLabel("Reason").first().fill("nightly backup");
        press(page, "Pause the scan");
        expect(page.locator("#live .why").first()).hasText("paused by " + admin.accessKey() + ": nightly backup");
        expect(page.locator("#live .state")).hasText("on hold");
        // The node's own hold is seen once its sweep rests; what was reclaimed then stays so.
        expect(page.locator("#nodes .why")).containsText("nightly backup");
        long atRest = keys.size(0);
        press(page, "Resume");
        expect(page.getByText("Pause…")).isVisible();
        expect(page.locator("#live .state")).hasText("running");
        assertThat(keys.size(0)).isLessThanOrEqualTo(atRest);
        assertThat(fraction(progress)).isGreaterThanOrEqualTo(early).isLessThan(1);

        page.getByText("Tune…").click();
        page.getByLabel("Profile").selectOption("full");
        page.getByLabel("Take the rate ceiling away").check();
        page.locator("#tune-reason").fill("time is short");
        press(page, "Change the pace");
        expect(page.locator("#live .state")).hasText("success");
        expect(reclaimed).hasText("10,000");
        expect(page.getByText("Reclaimed, exact")).isVisible();
        expect(page.getByText("time is short")).isVisible();
        expect(page.locator("#live").getByText("paused by")).isVisible();
        expect(page.locator("#actions")).isEmpty();
        assertThat(keys.size(0)).isEqualTo(LIVE);
    }

    @Test
    void scan_isCancelled_withWhoAndWhy() {
        Page page = browser.signedIn(admin);
        openScan(page, scan(service.register(admin, name(), redis.uri())));
        page.getByText("Cancel…").click();
        page.locator("#cancel-reason").fill("wrong server");
        press(page, "Cancel the scan");
        expect(page.locator("#live .state")).hasText("failed");
        expect(page.locator("#live .problem").first()).hasText("Cancelled by " + admin.accessKey() + ": wrong server");
    }

    @Test
    void globalHold_stopsScans_isSeenOnEveryPage_andLetsThemGoOnWhenReleased() {
        Page page = browser.signedIn(admin);
        String scanId = scan(service.register(admin, name(), redis.uri()));
        page.navigate("/console/holds");
        page.locator("#all-reason").fill("storm on the network");
        press(page, "Hold everything");
        expect(page.locator("#holds")).containsText("storm on the network");
        openScan(page, scanId);
        expect(page.locator("#banner")).containsText("Everything is on hold");
        expect(page.locator("#banner")).containsText(admin.accessKey());
        expect(page.locator("#nodes .why")).containsText("storm on the network");
        String visited = page.locator("#live .figures").innerText();
        page.navigate("/console/holds");
        press(page, "Release");
        expect(page.getByText("Nothing is on hold.")).isVisible();
        expect(page.locator("#banner")).not().containsText("Everything is on hold");
        openScan(page, scanId);
        expect(page.locator("#live .state")).hasText("running");
        expect(page.locator("#live .figures")).not().hasText(visited);
        end(scanId);
        expect(page.locator("#live .state")).hasText("success");
    }

    @Test
    void workers_areSeenWithWhatTheyRun() {
        Page page = browser.signedIn(admin);
        String name = name();
        String scanId = scan(service.register(admin, name, redis.uri()));
        Credentials team = service.project("others");
        String theirs = scan(team, service.register(team, "secret-name", redis.uri()));
        page.navigate("/console/workers");
        expect(page.locator("#workers")).containsText("another project’s instance");
        expect(page.locator("#workers")).not().containsText("secret-name");
        expect(page.locator("#workers .state")).hasText("alive");
        expect(page.locator("#workers")).containsText("api, console, worker");
        Locator running = page.locator("#workers").getByText(name);
        expect(running).isVisible();
        // The table is another one every second; whoever is in it stays where they are.
        running.focus();
        Response renewed = page.waitForResponse("**/console/workers/live", () -> {});
        assertThat(renewed.status()).isEqualTo(200);
        expect(running).isFocused();
        running.click();
        expect(page.getByRole(AriaRole.HEADING, heading("Scan of " + name))).isVisible();
        end(scanId);
        end(team, theirs);
    }

    @Test
    void automaticScan_isChangedByTheRulesOfDcs_eachSaidAtItsField() {
        Page page = browser.signedIn(admin);
        page.navigate("/console/instances/" + service.register(admin, name(), NOWHERE));
        expect(page.locator("main > .notice.bad")).containsText("127.0.0.1:1");
        page.getByLabel("Scans start by themselves").check();
        page.getByLabel("First start, UTC").fill("2020-01-01T00:00:00");
        press(page, "Save");
        expect(problem(page, "automatic-firstScanAt"))
                .containsText("first_scan_at is '2020-01-01T00:00:00', must be later");
        expect(page.getByLabel("Scans start by themselves")).isChecked();
        page.getByLabel("First start, UTC").fill("2099-01-01T02:00:00");
        page.getByLabel("Interval, s").fill("abc");
        press(page, "Save");
        expect(problem(page, "automatic-interval")).hasText("interval is 'abc', must be a whole number.");
        page.getByLabel("Interval, s").fill("3600");
        page.getByLabel("Timeout, s").last().fill("60");
        press(page, "Save");
        expect(problem(page, "automatic-timeout")).hasText("timeout is '60', must be at least 7200 seconds.");
        page.locator("#automatic-timeout").fill("7200");
        page.getByLabel("Keys a SCAN call").fill("5");
        press(page, "Save");
        expect(problem(page, "automatic-scanKeysCount")).hasText("scan_keys_count is '5', must be 10 to 1000.");
        page.getByLabel("Keys a SCAN call").fill("500");
        press(page, "Save");
        expect(page.getByText("2099-01-01 02:00:00 UTC")).isVisible();
        expect(page.locator(".problem")).hasCount(0);
    }

    @Test
    void badInput_isSaidAtItsField_andWhatWasTypedStays() {
        Page page = browser.signedIn(admin);
        page.navigate("/console/register");
        page.getByLabel("Name").fill("kept");
        page.getByLabel("URI").fill("http://nowhere");
        press(page, "Register");
        expect(page.getByLabel("Name")).hasValue("kept");
        expect(page.locator("#register-uri-hint .problem")).isVisible();
        String instanceId = service.register(admin, name(), redis.uri());
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Scan now…").click();
        page.locator("#scan-timeoutSeconds").fill("0");
        press(page, "Start the scan");
        expect(problem(page, "scan-timeoutSeconds"))
                .hasText("timeoutSeconds is '0', must be a whole number of seconds from 1 to 5184000.");
        String unreachable = service.register(admin, name(), NOWHERE);
        page.navigate("/console/instances/" + unreachable);
        page.getByText("Scan now…").click();
        press(page, "Start the scan");
        expect(page.getByRole(AriaRole.ALERT).first()).containsText("127.0.0.1:1");
    }

    @Test
    void estimate_isMadeInItsPlace_orSaysWhatItNeeds() {
        Page page = browser.signedIn(admin);
        page.navigate("/console/instances/" + service.register(admin, name(), redis.uri()));
        press(page, "Estimate");
        expect(page.locator("#estimate").getByRole(AriaRole.ALERT)).containsText("replica");
        page.getByLabel("Sample the primary").check();
        press(page, "Estimate");
        expect(page.locator("#estimate")).containsText("Dead keys, ");
        expect(page.locator("#estimate")).containsText(admin.accessKey());
    }

    @Test
    void instance_isRemoved_onceNoScanOfItIsActive() {
        Page page = browser.signedIn(admin);
        String name = name();
        String instanceId = service.register(admin, name, redis.uri());
        String scanId = scan(instanceId);
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Remove…").click();
        press(page, "Remove " + name);
        expect(page.getByRole(AriaRole.ALERT).first()).hasText("Remove it once the scan has ended.");
        end(scanId);
        page.navigate("/console/instances/" + instanceId);
        page.getByText("Remove…").click();
        press(page, "Remove " + name);
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
        expect(page.locator("#instances")).not().containsText(name);
    }

    @Test
    void keyWithFewActions_seesAndDoesNoMore() {
        Credentials team = service.project("watchers");
        String instanceId = service.register(team, "theirs", NOWHERE);
        Page page = browser.signedIn(key(team, "dcs:instance:list", "dcs:instance:getAutoExpiredKeyScanTask"));
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
        expect(page.locator("button")).hasCount(1);
        // What was not offered is refused as well.
        page.evaluate("document.querySelector('form.who').action = '/console/holds/all'");
        press(page, "Sign out");
        expect(page.locator("main")).containsText("keysweep:hold:manage");
        // Another project's does not exist.
        Page others = browser.signedIn(admin);
        assertThat(Objects.requireNonNull(others.navigate("/console/instances/" + instanceId))
                        .status())
                .isEqualTo(404);
        expect(others.locator("main")).containsText("no such instance in your project");
    }

    @Test
    void textOfUsers_isTextAndNothingElse() {
        String evil = "<img src=x onerror=alert(1)>";
        String instanceId = service.register(admin, evil, redis.uri());
        String scanId = scan(instanceId);
        Page page = browser.signedIn(admin);
        page.onDialog(dialog -> {
            throw new AssertionError("a script of a user ran: " + dialog.message());
        });
        expect(page.locator("#now").getByText(evil).first()).isVisible();
        page.navigate("/console/instances/" + instanceId);
        expect(page.getByRole(AriaRole.HEADING, heading(evil))).isVisible();
        openScan(page, scanId);
        page.getByText("Pause…").click();
        page.locator("#pause-reason").fill("\"'><script>alert(2)</script>");
        press(page, "Pause the scan");
        expect(page.locator("#live .why").first()).containsText("\"'><script>alert(2)</script>");
        page.navigate("/console/holds");
        page.locator("#project-reason").fill(evil);
        press(page, "Hold the project");
        expect(page.locator("#banner")).containsText(evil);
        assertThat(page.locator("img[src=x]").count()).isZero();
        press(page, "Release");
        expect(page.getByText("Nothing is on hold.")).isVisible();
        end(scanId);
        service.call(admin, "DELETE", "/api/v1/instances/" + instanceId, "");
    }

    @Test
    void page_whoseServiceDoesNotAnswer_saysSo_untilItDoes() {
        Page page = browser.signedIn(admin);
        page.context().setOffline(true);
        expect(page.getByRole(AriaRole.ALERT)).containsText("The service does not answer");
        page.context().setOffline(false);
        expect(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void pages_fitAPhone() {
        String scanId =
                scan(service.register(admin, "a-rather-long-name-of-an-instance-that-has-to-break", redis.uri()));
        Page page = browser.open(360, 740);
        ConsoleBrowser.signIn(page, admin.accessKey(), admin.secretKey());
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
        String instance = service.call(admin, "GET", "/api/v1/scans/" + scanId, "")
                .body()
                .get("instanceId")
                .asString();
        for (String path : new String[] {
            "", "/holds", "/workers", "/register", "/scans/" + scanId, "/instances/" + instance, "/nonsense"
        }) {
            page.navigate("/console" + path);
            assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isLessThanOrEqualTo(360);
        }
        end(scanId);
    }

    private String name() {
        return "instance-" + ++names;
    }

    /** Starts a slow scan through the API and gives its id. */
    private String scan(String instanceId) {
        return scan(admin, instanceId);
    }

    private String scan(Credentials key, String instanceId) {
        String body = "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":" + SLOW + "}";
        return service.call(key, "POST", "/api/v1/scans", body).body().get("id").asString();
    }

    /** Lets a scan come to its end as fast as it can. */
    private void end(String scanId) {
        end(admin, scanId);
    }

    private void end(Credentials key, String scanId) {
        String path = "/api/v1/scans/" + scanId;
        service.call(key, "POST", path + "/resume", "");
        service.call(key, "PATCH", path, "{\"profile\":\"full\",\"rateCeiling\":null}");
        await("the scan has ended")
                .until(() -> service.call(key, "GET", path, "").body().has("finishedAt"));
    }

    private static void openScan(Page page, String scanId) {
        page.navigate("/console/scans/" + scanId);
        expect(page.locator("#nodes")).isVisible();
    }

    private Credentials key(Credentials owner, String... actions) {
        JsonNode made = service.call(
                        admin,
                        "POST",
                        "/api/v1/projects/" + owner.projectId() + "/access-keys",
                        "{\"actions\":[\"" + String.join("\",\"", actions) + "\"]}")
                .body();
        return new Credentials(
                owner.projectId(),
                made.get("accessKey").asString(),
                made.get("secretKey").asString());
    }

    private static Locator problem(Page page, String field) {
        return page.locator("#" + field + "-hint .problem");
    }

    private static Page.GetByTextOptions exactly() {
        return new Page.GetByTextOptions().setExact(true);
    }

    private static double fraction(Locator progress) {
        return ((Number) progress.evaluate("element => element.value")).doubleValue();
    }
}
