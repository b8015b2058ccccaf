package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.press;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests in a real browser the table of the week, on which a user paints the windows of a project or an instance. */
class ConsoleWeekIT extends ConsoleTesting {

    private static final int MONDAY = 0;
    private static final int WEDNESDAY = 2;
    private static final int SUNDAY = 6;

    @Test
    void hours_paintedByMouseAndKeys_becomeTheRowsOfTheForm() {
        Page page = console.browser().signedIn(admin, "/console/policies");
        page.getByText("Change the windows of the project…").click();
        expect(cell(page, MONDAY, 22)).hasAttribute("aria-selected", "false");
        expect(page.locator("#time-zones option[value='Asia/Shanghai']")).hasCount(1);

        // With the mouse, the user paints two hours on three days. They become one row.
        cell(page, MONDAY, 22).hover();
        page.mouse().down();
        cell(page, WEDNESDAY, 23).hover();
        page.mouse().up();
        expect(page.locator("#from-0")).hasValue("22:00");
        expect(page.locator("#until-0")).hasValue("24:00");
        expect(page.getByLabel("Wednesday, window 1")).isChecked();
        expect(page.getByLabel("Thursday, window 1")).not().isChecked();

        // With keys, the user clears one hour on Wednesday. That day gets a separate row.
        cell(page, WEDNESDAY, 23).focus();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Space");
        expect(cell(page, WEDNESDAY, 22)).hasAttribute("aria-selected", "false");
        expect(page.getByLabel("Wednesday, window 1")).not().isChecked();
        expect(page.getByLabel("Wednesday, window 2")).isChecked();
        expect(page.locator("#from-1")).hasValue("23:00");

        // A third window, from Sunday 23:00 to Monday 01:00, needs a third row.
        cell(page, SUNDAY, 23).focus();
        page.keyboard().press("Enter");
        cell(page, MONDAY, 0).click();
        expect(page.locator("#from-2")).hasValue("23:00");
        expect(page.locator("#until-2")).hasValue("01:00");
        expect(page.getByLabel("Sunday, window 3")).isChecked();

        // If the user changes a time in the form, the table follows.
        page.locator("#from-1").fill("23:30");
        expect(cell(page, WEDNESDAY, 23)).hasClass(Pattern.compile("part"));
        expect(cell(page, WEDNESDAY, 23)).hasText("30");
        expect(cell(page, WEDNESDAY, 23)).hasAttribute("aria-label", "Wednesday 23:00, 30 min open");
        expect(cell(page, MONDAY, 22)).hasAttribute("aria-label", "Monday 22:00");

        // The saved windows are shown in words and in the table.
        press(page, "Save windows");
        expect(page.locator("#windows ul").first()).containsText("Monday, Tuesday 22:00–");
        expect(page.locator("#windows ul").first()).containsText("Wednesday 23:30–");
        expect(page.locator("#windows ul").first()).containsText("Sunday 23:00–01:00");
        page.getByText("Change the windows of the project…").click();
        expect(cell(page, MONDAY, 0)).hasAttribute("aria-selected", "true");
        expect(page.locator(".paint td[aria-selected=true]")).hasCount(6);
    }

    /** Returns the cell of an hour of a day. */
    private static Locator cell(Page page, int day, int hour) {
        return page.locator(".paint tbody tr").nth(hour).locator("td").nth(day);
    }
}
