package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.keysweep.server.TestService.Credentials;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Tests the command palette in a real browser: its keys, what it finds for a caller, and its actions. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsolePaletteIT extends ConsoleTesting {

    @Test
    void palette_canBeUsedByKeysAlone_andReturnsTheFocusWhenItCloses() {
        // The project has no instances, because the palette would list them first.
        Credentials teamKey = console.service().newAdministrator("palette without instances");
        Page page = console.browser().signedIn(teamKey, "/console/scans");
        Locator opener = page.locator("#open-palette");
        expect(opener).isVisible();

        // Control+K opens it, and the arrows select a line.
        opener.focus();
        page.keyboard().press("Control+k");
        expect(page.locator("#palette-query")).isFocused();
        expect(selectedLine(page)).hasText("Overview");
        page.keyboard().press("ArrowDown");
        expect(selectedLine(page)).hasText("Scans");
        page.keyboard().press("ArrowUp");
        page.keyboard().press("ArrowUp");
        expect(selectedLine(page)).hasText("Sign out");
        expect(page.locator("#palette-query"))
                .hasAttribute(
                        "aria-activedescendant",
                        String.valueOf(selectedLine(page).getAttribute("id")));

        // Escape closes it.
        page.keyboard().press("Escape");
        expect(page.locator("#palette")).isHidden();
        expect(opener).isFocused();

        // Enter opens the selected page.
        opener.click();
        page.keyboard().type("work");

        // The palette handles Enter when the lines for the typed text have arrived.
        page.keyboard().press("Enter");
        expect(page.getByRole(AriaRole.HEADING, heading("Workers"))).isVisible();
    }

    @Test
    void escape_withAFormBehindThePalette_closesThePaletteOnly() {
        String instance = console.register(admin, console.newName(), console.redisUri());
        Page page = console.browser().signedIn(admin, "/console/instances/" + instance);
        page.getByText("Tags…").click();
        page.keyboard().press("Meta+k");

        expect(page.locator("#palette")).isVisible();

        page.keyboard().press("Escape");
        expect(page.locator("#palette")).isHidden();
        expect(page.locator("#tags-tags")).isVisible();
    }

    @Test
    void instance_searchedByPartOfItsName_isFound_andItsScanFormOpens() {
        String name = "palette-orders-" + console.newName();
        console.register(admin, name, console.redisUri());
        Page page = open("ORDERS");

        expect(page.locator("#palette-list")).containsText(name);
        // The results are the instance, and the action that scans it.
        expect(page.locator("#palette-count")).hasText("Results: 2");
        expect(selectedLine(page)).hasText(name);

        // The line opens the form with the focus on its button, so a second Enter starts the scan.
        page.locator("#palette-query").fill("scan orders");
        expect(selectedLine(page)).hasText("Start a scan of " + name);
        page.keyboard().press("Enter");
        expect(page.getByRole(AriaRole.HEADING, heading(name))).isVisible();
        Locator start = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start scan"));
        expect(start).isFocused();
        page.keyboard().press("Enter");
        expect(page.getByRole(AriaRole.HEADING, heading("Scan of " + name))).isVisible();
        String scan = page.url().replaceAll(".*/", "");
        console.finishScan(scan);
    }

    @Test
    void search_findsOnlyWhatTheCallerMaySee_andAtMostTwentyInstances() {
        // The caller is allowed to read instances and scans. The project has 25 instances, another project has one.
        Credentials teamKey = console.service().newAdministrator("palette of a team");
        for (int i = 0; i < 25; i++) {
            console.register(teamKey, "shop-" + (100 + i), ConsoleFixture.UNREACHABLE_URI);
        }
        console.register(admin, "shop-of-others", ConsoleFixture.UNREACHABLE_URI);
        Credentials reader = console.accessKey(
                teamKey, "dcs:instance:list", "dcs:instance:get", "dcs:instance:getAutoExpiredKeyScanTask");
        Page page = console.browser().signedIn(reader);

        // The palette does not offer pages that the caller cannot open.
        page.locator("#open-palette").click();
        expect(selectedLine(page)).isVisible();
        assertThat(page.locator("#palette-list").textContent()).doesNotContain("Workers", "Webhooks", "Register");

        // The palette finds 20 of the 25 instances, and offers no scans of them.
        page.locator("#palette-query").fill("shop");
        expect(page.locator("#palette-count")).hasText("Results: 20");
        assertThat(page.locator("#palette-list").textContent()).doesNotContain("others", "Start a scan");

        // A word behind the first one narrows the search, also to an instance that is not among the first 20.
        page.locator("#palette-query").fill("shop 124");
        expect(page.locator("#palette-count")).hasText("Results: 1");
        expect(selectedLine(page)).hasText("shop-124");

        // Without a result, Enter does nothing.
        page.locator("#palette-query").fill("nothing like it");
        expect(page.locator("#palette-found .empty")).isVisible();
        page.keyboard().press("Enter");
        expect(page.locator("#palette")).isVisible();
    }

    @Test
    void palette_switchesTheLanguageToChineseAndBack() {
        Page page = open("chinese");
        expect(selectedLine(page)).containsText("简体中文");

        page.keyboard().press("Enter");
        expect(page.getByRole(AriaRole.HEADING, heading("概览"))).isVisible();

        // The button appears when the script of the palette listens for keys.
        expect(page.locator("#open-palette")).isVisible();
        page.keyboard().press("Control+k");
        page.keyboard().type("英语");
        page.keyboard().press("Enter");
        expect(page.getByRole(AriaRole.HEADING, heading("Overview"))).isVisible();
    }

    @Test
    void palette_open_isAccessible_andFitsAPhone() {
        console.register(admin, "a-rather-long-name-of-an-instance-that-has-to-break", console.redisUri());
        PageChecks checks = new PageChecks(console, admin);
        Page page = console.browser().signedIn(admin);
        checks.prepare(page);
        page.reload();
        page.locator("#open-palette").click();

        expect(selectedLine(page)).isVisible();

        checks.checkAccessibility(page, "palette", PageChecks.DESKTOP, ColorScheme.LIGHT);
        checks.checkAccessibility(page, "palette", PageChecks.PHONE, ColorScheme.DARK);
        checks.checkWidth(page, "palette", PageChecks.NARROWEST_PHONE);

        assertThat(checks.problems()).isEmpty();
    }

    /** Opens the palette on the overview, and types a text. */
    private Page open(String text) {
        Page page = console.browser().signedIn(admin);
        page.locator("#open-palette").click();
        page.locator("#palette-query").fill(text);
        expect(page.locator("#palette-list")).hasAttribute("data-query", text);
        return page;
    }

    /** Returns the selected line of the palette. */
    private static Locator selectedLine(Page page) {
        return page.locator("#palette-list [aria-selected=true]");
    }
}
