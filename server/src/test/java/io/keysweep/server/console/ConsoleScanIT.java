package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService.Credentials;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests in a real browser the pages of the console that show and control scans, holds and workers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsoleScanIT {

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
    void closePagesAndCheckTheirScripts() {
        assertThat(console.browser().closePages()).isEmpty();
    }

    @AfterAll
    void stop() {
        console.close();
    }

    @Test
    void scan_fromItsStartToItsReport_isShownLiveOnItsPage() {
        // The user registers an instance, and starts a slow scan.
        Page page = console.browser().signedIn(admin);
        String name = console.newName();
        page.getByText("Register an instance").click();
        page.getByLabel("Name").fill(name);
        page.getByLabel("URI").fill(console.redisUri());
        press(page, "Register");
        expect(page.getByRole(AriaRole.HEADING, heading(name))).isVisible();
        expect(page.getByText("Redis 7.0.").first()).isVisible();
        page.getByText("Scan now…").click();
        page.getByLabel("Rate ceiling").fill(ConsoleFixture.SLOW_RATE);
        press(page, "Start scan");

        // The page shows progress. The scan runs at its rate ceiling, and the charts get their first points.
        expect(page.getByRole(AriaRole.HEADING, heading("Scan of " + name))).isVisible();
        Locator reclaimed = page.locator("#reclaimed");
        expect(reclaimed).not().hasText("0");
        Locator progress = page.locator("progress.large");
        double earlyFraction = fraction(progress);
        expect(page.locator("#pace-reason")).containsText("rate ceiling");
        expect(page.locator("#charts figure").first().locator("canvas")).isVisible();
        Locator callersWait = page.locator("#charts figure[data-series='callersWait']");
        expect(callersWait).containsText("Callers’ wait for the server");
        expect(callersWait.locator("canvas")).isVisible();
        expect(callersWait.locator(".u-legend")).containsText("Limit");
        // Without a pointer on a chart, its legend shows the latest values.
        Locator legendOfSpeed = page.locator("#charts figure").first().locator(".u-legend");
        expect(legendOfSpeed).containsText("Time");
        expect(legendOfSpeed).not().containsText("–");
        expect(page.getByText("Keys/s", exactText())).isVisible();

        // The user pauses and resumes the scan. Nobody adds keys, so the number of keys can only fall.
        page.getByText("Pause…").click();
        page.getByLabel("Reason").first().fill("nightly backup");
        press(page, "Pause scan");
        expect(page.locator("#live .why").first()).hasText("paused by " + admin.accessKey() + ": nightly backup");
        expect(page.locator("#live .state")).hasText("paused");
        expect(page.locator("#nodes .why")).containsText("nightly backup");
        long keysDuringPause = console.keys();

        press(page, "Resume");
        expect(page.getByText("Pause…")).isVisible();
        expect(page.locator("#live .state")).hasText("running");
        assertThat(console.keys()).isLessThanOrEqualTo(keysDuringPause);
        assertThat(fraction(progress)).isGreaterThanOrEqualTo(earlyFraction).isLessThan(1);

        // The user makes the scan fast, and it ends with exact counts.
        page.getByText("Tune…").click();
        page.getByLabel("Profile").selectOption("full");
        page.getByLabel("Remove the rate ceiling").check();
        page.locator("#tune-reason").fill("time is short");
        press(page, "Change pace");
        expect(page.locator("#live .state")).hasText("success");
        expect(reclaimed).hasText("10,000");
        expect(page.getByText("Reclaimed (exact)")).isVisible();
        expect(page.getByText("time is short")).isVisible();
        expect(page.locator("#course").getByText("paused by").first()).isVisible();
        assertThat(console.keys()).isEqualTo(ConsoleFixture.LIVE_KEYS);

        // The page of an ended scan offers no action except the report.
        expect(page.locator("#actions")).hasText("Report");
        page.locator("#report").click();
        expect(page.getByRole(AriaRole.HEADING, heading("Report of a scan of " + name)))
                .isVisible();
        expect(page.locator("#reclaimed")).hasText("10,000");
        expect(page.getByText("time is short")).isVisible();
        Download report = page.waitForDownload(
                () -> page.getByText("Download signed report").click());
        assertThat(report.suggestedFilename()).startsWith("scan-").endsWith(".json");
    }

    @Test
    void scan_thatEndsWhileItsPageIsOpen_isAnnouncedToScreenReaders() {
        Page page = console.browser().signedIn(admin);
        String scanId = console.startSlowScan(console.register(admin, console.newName(), console.redisUri()));
        ConsoleFixture.openScan(page, scanId);

        console.finishScan(scanId);

        expect(page.locator("#scan-announced")).hasText("success");
    }

    @Test
    void scan_thatAUserCancels_showsTheAccessKeyAndTheReason() {
        Page page = console.browser().signedIn(admin);
        ConsoleFixture.openScan(
                page, console.startSlowScan(console.register(admin, console.newName(), console.redisUri())));
        page.getByText("Cancel…").click();
        page.locator("#cancel-reason").fill("wrong server");
        press(page, "Cancel scan");

        expect(page.locator("#live .state")).hasText("failed");
        expect(page.locator("#live .problem").first()).hasText("Cancelled by " + admin.accessKey() + ": wrong server");
    }

    @Test
    void globalHold_pausesScansAndShowsABanner_untilItIsReleased() {
        Page page = console.browser().signedIn(admin);
        String scanId = console.startSlowScan(console.register(admin, console.newName(), console.redisUri()));

        // The user sets the hold, and the page of the scan shows it.
        page.navigate("/console/holds");
        page.locator("#all-reason").fill("storm on the network");
        press(page, "Hold all projects");
        expect(page.locator("#holds")).containsText("storm on the network");
        ConsoleFixture.openScan(page, scanId);
        expect(page.locator("#banner")).containsText("All scans are on hold");
        expect(page.locator("#banner")).containsText(admin.accessKey());
        expect(page.locator("#nodes .why")).containsText("storm on the network");
        String figuresDuringHold = page.locator("#live .figures").innerText();

        // The user releases the hold, and the scan continues.
        page.navigate("/console/holds");
        Locator release = page.locator("#release-all");
        release.click();
        expect(release).hasCount(0);
        expect(page.locator("#banner")).not().containsText("All scans are on hold");
        ConsoleFixture.openScan(page, scanId);
        expect(page.locator("#live .state")).hasText("running");
        expect(page.locator("#live .figures")).not().hasText(figuresDuringHold);

        console.finishScan(scanId);
        expect(page.locator("#live .state")).hasText("success");
    }

    @Test
    void pageOfWorkers_listsTheirSweeps_withoutTheNamesOfOtherProjects() {
        // The worker runs a sweep of the caller's project and one of another project.
        Page page = console.browser().signedIn(admin);
        String name = console.newName();
        String scanId = console.startSlowScan(console.register(admin, name, console.redisUri()));
        Credentials teamKey = console.service().project("others");
        String scanOfOthers =
                console.startSlowScan(teamKey, console.register(teamKey, "secret-name", console.redisUri()));

        page.navigate("/console/workers");
        expect(page.locator("#workers")).containsText("an instance of another project");
        expect(page.locator("#workers")).not().containsText("secret-name");
        expect(page.locator("#workers .state")).hasText("alive");
        expect(page.locator("#workers")).containsText("api, console, worker");
        expect(page.locator("#workers")).containsText(Pattern.compile("[1-9][0-9]* of at most [1-9]"));

        Locator running = page.locator("#workers").getByText(name);
        expect(running).isVisible();

        // The page replaces the table every second. The focus must stay on the same link.
        running.focus();
        Response renewed = page.waitForResponse("**/console/workers/live", () -> {});
        assertThat(renewed.status()).isEqualTo(200);

        expect(running).isFocused();

        running.click();
        expect(page.getByRole(AriaRole.HEADING, heading("Scan of " + name))).isVisible();

        console.finishScan(scanId);
        console.finishScan(teamKey, scanOfOthers);
    }

    private static Page.GetByTextOptions exactText() {
        return new Page.GetByTextOptions().setExact(true);
    }

    /** Returns the value of a progress bar, 0 to 1. */
    private static double fraction(Locator progress) {
        return ((Number) progress.evaluate("element => element.value")).doubleValue();
    }
}
