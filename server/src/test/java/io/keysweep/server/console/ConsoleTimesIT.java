package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** Tests that pages show times in the time zone of the browser, and in UTC as a tooltip. */
class ConsoleTimesIT extends ConsoleTesting {

    @Test
    void times_inABrowserOfAnotherZone_areInThisZoneWithUtcAsTooltip() {
        String instanceId = console.register(admin, console.newName(), console.redisUri());
        assertThat(console.service()
                        .call(
                                admin,
                                "PUT",
                                "/api/v1/instances/" + instanceId + "/schedule",
                                "{\"enabled\":true,\"firstScanAt\":\"2099-01-01T02:00:00Z\",\"intervalSeconds\":86400,"
                                        + "\"timeoutSeconds\":172800,\"scanKeysCount\":500}")
                        .status())
                .isEqualTo(200);
        String scanId = console.startSlowScan(instanceId);

        try (BrowserContext context = console.browser()
                .signedInContext(
                        admin,
                        new Browser.NewContextOptions().setLocale("en-US").setTimezoneId("Asia/Shanghai"))) {
            // The next start, and a time that the user types. A text that is no time has no local time.
            Page page = console.browser().page(context);
            page.navigate("/console/instances/" + instanceId);
            Locator start = page.locator("#next-starts time").first();
            expect(start).hasText("2099-01-01 10:00:00 GMT+8");
            expect(start).hasAttribute("title", "2099-01-01 02:00:00 UTC");
            page.locator("#automatic-firstScanAt").fill("2099-01-01 03:00");
            expect(page.locator("#automatic-firstScanAt + [data-local]")).hasText("= 2099-01-01 11:00:00 GMT+8");
            page.locator("#automatic-firstScanAt").fill("soon");
            expect(page.locator("#automatic-firstScanAt + [data-local]")).hasText("");

            // The timeline also has local times, although the page replaces it every second.
            page.navigate("/console/scans/" + scanId);
            console.service().call(admin, "POST", "/api/v1/scans/" + scanId + "/pause", "");
            expect(page.locator("#timeline")).containsText("paused");
            expect(page.locator("#timeline tbody th").first()).containsText("GMT+8");
            expect(page.locator("#timeline")).not().containsText("UTC");
        }

        console.finishScan(scanId);
    }
}
