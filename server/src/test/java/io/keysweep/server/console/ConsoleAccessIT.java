package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService.Credentials;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests in a real browser the properties of all console pages: access, safe texts, connection loss, narrow screens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleAccessIT {

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
        expect(page.locator("button")).hasCount(1);
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
            "", "/holds", "/workers", "/register", "/scans/" + scanId, "/instances/" + instance, "/nonsense"
        }) {
            page.navigate("/console" + path);
            assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isLessThanOrEqualTo(360);
        }
        console.finishScan(scanId);
    }
}
