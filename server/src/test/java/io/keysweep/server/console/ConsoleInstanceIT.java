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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests the console pages that show, change and remove instances in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleInstanceIT {

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
        page.getByLabel("Interval (s)").fill("abc");
        press(page, "Save");
        expect(fieldError(page, "automatic-interval")).hasText("interval is 'abc', must be a whole number.");
        page.getByLabel("Interval (s)").fill("3600");
        page.getByLabel("Timeout (s)").last().fill("60");
        press(page, "Save");
        expect(fieldError(page, "automatic-timeout")).hasText("timeout is '60', must be at least 7200 seconds.");
        page.locator("#automatic-timeout").fill("7200");
        page.getByLabel("Keys per SCAN call").fill("5");
        press(page, "Save");
        expect(fieldError(page, "automatic-scanKeysCount")).hasText("scan_keys_count is '5', must be 10 to 1000.");
        page.getByLabel("Keys per SCAN call").fill("500");
        press(page, "Save");
        expect(page.getByText("2099-01-01 02:00:00 UTC")).isVisible();
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
    void ceilings_setInTheForm_areShown_andRefuseAFasterScanAtItsField() {
        Page page = console.browser().signedIn(admin);
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        page.navigate("/console/instances/" + instanceId);
        expect(page.locator("#ceilings")).containsText("No ceiling is set.");
        page.getByLabel("Own ceilings (JSON)").fill("{\n  \"maxShare\": 2\n}");
        press(page, "Save ceilings");
        expect(page.locator("#ceilings").getByRole(AriaRole.ALERT)).hasText("maxShare is '2', must be a number from 0.001 to 1.");
        expect(page.getByLabel("Own ceilings (JSON)")).hasValue("{\n  \"maxShare\": 2\n}");
        page.getByLabel("Own ceilings (JSON)").fill("{\"maxProfile\": \"gentle\", \"maxRate\": 100}");
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
        expect(page.getByLabel("Own ceilings (JSON)")).isVisible();
    }

    @Test
    void estimate_requested_replacesFragment_orSaysWhatIsMissing() {
        Page page = console.browser().signedIn(admin);
        page.navigate("/console/instances/" + console.register(admin, console.newName(), console.redisUri()));
        press(page, "Estimate");
        expect(page.locator("#estimate").getByRole(AriaRole.ALERT)).containsText("replica");
        page.getByLabel("Sample the primary").check();
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
