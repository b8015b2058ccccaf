package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** Tests the button Examine in a real browser; it shows the findings of the doctor. */
class ConsoleDoctorIT extends ConsoleTesting {

    @Test
    void examination_ofAnInstance_showsFindings_orWhyTheServerCannotBeReached() {
        console.redis().client().call("CONFIG", "SET", "lazyfree-lazy-expire", "no");
        String instanceId = console.register(admin, console.newName(), console.redisUri());

        // The button shows a finding, and the audit log has the examination.
        Page page = console.browser().signedIn(admin, "/console/instances/" + instanceId);
        press(page, "Examine");
        expect(page.locator("#doctor")).containsText("lazyfree-lazy-expire is no");
        expect(page.locator("#doctor")).containsText("CONFIG SET lazyfree-lazy-expire yes");
        expect(page.locator("#doctor .state").first()).isVisible();

        assertThat(console.service()
                        .call(admin, "GET", "/api/v1/audit?action=examineInstance", "")
                        .response()
                        .body())
                .contains(instanceId);

        // The Chinese console shows the finding in Chinese.
        Page chinese = console.browser().open(/* width= */ 1_200, /* height= */ 900, "zh-CN");
        chinese.context().addCookies(page.context().cookies());
        chinese.navigate("/console/instances/" + instanceId);
        press(chinese, "检查");
        expect(chinese.locator("#doctor")).containsText("lazyfree-lazy-expire 为 no");

        // Without a server, the page says which address cannot be reached.
        String unreachable = console.register(admin, console.newName(), ConsoleFixture.UNREACHABLE_URI);
        page.navigate("/console/instances/" + unreachable);
        press(page, "Examine");
        expect(page.locator("#doctor .notice.bad")).containsText("127.0.0.1:1");
    }
}
