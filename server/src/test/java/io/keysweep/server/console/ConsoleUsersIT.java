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
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tests in a real browser the pages of users, and the access keys that users own. */
class ConsoleUsersIT extends ConsoleTesting {

    private static final String PASSWORD = "correct horse battery";

    private String project;

    @BeforeAll
    void prepare() {
        project = "/console/projects/" + admin.projectId();
    }

    /**
     * A key that expires must not create users: a user never expires, so the rights of the key would outlive the key.
     */
    @Test
    void creationOfAUser_withAKeyThatExpires_isRefused_andThePageSaysWhy() {
        JsonNode created = console.service()
                .call(
                        admin,
                        "POST",
                        "/api/v1/projects/" + admin.projectId() + "/access-keys",
                        "{\"policies\":[\"administrator\"],\"expiresAt\":\"2099-01-31T12:00:00Z\"}")
                .body();
        Credentials expiringKey = new Credentials(
                admin.projectId(),
                created.get("accessKey").asString(),
                created.get("secretKey").asString());

        Page page = console.browser().signedIn(expiringKey, project + "/users");
        page.locator("#create-name").fill("console-endless");
        page.locator("#create-password").fill(PASSWORD);
        selectPolicy(page, "viewer");
        press(page, "Create user");

        expect(page.locator("main [role=alert]")).containsText("ends at 2099-01-31T12:00:00Z");
        expect(page.locator("fieldset .problem")).hasCount(0);
        expect(page.locator("#create-name")).hasValue("console-endless");
    }

    @Test
    void user_afterEachChange_isShownWithItsState() {
        // The form keeps the name if the password is too short.
        Page page = console.browser().signedIn(admin, project + "/users");
        page.locator("#create-name").fill("console-anna");
        page.locator("#create-password").fill("short");
        selectPolicy(page, "viewer");
        press(page, "Create user");
        expect(fieldError(page, "create-password")).containsText("12 to 128");
        expect(page.locator("#create-name")).hasValue("console-anna");

        // With a longer password, the user is created.
        page.locator("#create-password").fill(PASSWORD);
        press(page, "Create user");
        expect(page.getByRole(AriaRole.HEADING, heading("console-anna"))).isVisible();
        expect(page.locator("#policies")).hasText("viewer");

        // Anna gets another password, is disabled and enabled.
        page.getByText("Set password…").click();
        page.locator("#password-password").fill("another horse battery");
        press(page, "Set password");
        press(page, "Disable");
        expect(page.locator("#state")).containsText("disabled since");
        press(page, "Enable");
        expect(page.locator("#state")).not().containsText("disabled since");

        // The administrator removes Anna.
        page.getByText("Remove…").click();
        press(page, "Remove console-anna");
        expect(page.getByRole(AriaRole.HEADING, heading("Users"))).isVisible();
        expect(page.locator("#users tbody tr").filter(new Locator.FilterOptions().setHasText("console-anna")))
                .hasCount(0);
    }

    @Test
    void keyOfAUser_isShownWithTheStateOfItsOwner_untilItExpires() {
        createUser("console-berta");
        assertThat(console.service()
                        .call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + admin.projectId() + "/access-keys",
                                "{\"userId\":\"console-berta\"}")
                        .status())
                .isEqualTo(201);

        Page userPage = console.browser().signedIn(admin, project + "/users/console-berta");
        Page keyPage = console.browser().signedIn(admin, project + "/access-keys");

        // The administrator disables Berta.
        press(userPage, "Disable");
        expect(userPage.locator("#state")).containsText("disabled since");
        keyPage.reload();
        Locator rowOfKey = keyPage.locator("#access-keys tbody tr")
                .filter(new Locator.FilterOptions().setHasText("It belongs to console-berta."));
        expect(rowOfKey.locator(".state")).hasText("owner disabled");
        rowOfKey.getByRole(AriaRole.LINK).click();
        expect(keyPage.locator("#state")).hasText("owner disabled");

        // The administrator enables Berta.
        press(userPage, "Enable");
        expect(userPage.locator("#state")).not().containsText("disabled since");
        keyPage.reload();
        expect(keyPage.locator("#state")).hasText("enabled");

        // A key whose time of expiry is in the past has expired, although its owner is enabled.
        keyPage.getByText("Change…").click();
        keyPage.locator("#rights-expiresAt").fill("2020-01-31 12:00");
        press(keyPage, "Save rights");
        expect(keyPage.locator("#state")).hasText("expired");

        // The administrator removes Berta. As the page says, this withdraws Berta's access key.
        userPage.getByText("Remove…").click();
        expect(userPage.locator("form[action$='/remove']"))
                .containsText("This withdraws the access keys of this user.");
        press(userPage, "Remove console-berta");
        expect(userPage.getByRole(AriaRole.HEADING, heading("Users"))).isVisible();
        expect(userPage.locator("#users tbody tr").filter(new Locator.FilterOptions().setHasText("console-berta")))
                .hasCount(0);
        keyPage.navigate(project + "/access-keys");
        expect(rowOfKey).hasCount(0);
    }

    @Test
    void user_withoutPermissions_managesOwnKeysOnly() {
        String name = "console-olga";
        createUser(name);

        // The navigation leads to the user's own access keys only.
        Page page = console.browser().signedIn(new Credentials(admin.projectId(), name, PASSWORD));
        expect(page.locator("header nav")).not().containsText("Access");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("My access keys"))
                .click();
        expect(page.getByRole(AriaRole.HEADING, heading("My access keys"))).isVisible();
        expect(page.getByText(name + " has no access keys.")).isVisible();
        expect(page.locator("nav.tabs")).hasCount(0);
        expect(page.locator("#create-userId")).hasCount(0);

        // The user creates a key. It has the permissions of a viewer.
        press(page, "Create access key");
        Credentials ownKey = new Credentials(
                admin.projectId(),
                page.locator("#created-key").innerText(),
                page.locator("#created-secret").innerText());
        expect(page.locator("#access-keys tbody tr")).hasCount(1);

        assertThat(console.service()
                        .call(ownKey, "GET", "/api/v1/instances", "")
                        .status())
                .isEqualTo(200);
        assertThat(console.service().call(ownKey, "GET", "/api/v1/webhooks", "").status())
                .isEqualTo(403);

        // The user rotates the key without an overlap, so the old key ends. Then the user withdraws the new key.
        page.navigate(project + "/access-keys/" + ownKey.accessKey());
        page.getByText("Rotate…").click();
        page.locator("#rotate-overlapMinutes").fill("0");
        press(page, "Create the new key");
        String newKey = page.locator("#created-key").innerText();
        expect(page.locator("#owner")).hasText(name);
        press(page, "Disable");
        expect(page.locator("#state")).containsText("disabled since");
        page.getByText("Withdraw…").click();
        press(page, "Withdraw access key");
        expect(page.getByRole(AriaRole.HEADING, heading("My access keys"))).isVisible();
        expect(page.locator("#access-keys")).not().containsText(newKey);
        expect(page.locator("#access-keys .state")).hasText("expired");

        // The user can open neither keys of others nor the pages of administrators.
        for (String path : new String[] {"/access-keys/" + admin.accessKey(), "/users", "/access-policies"}) {
            assertThat(Objects.requireNonNull(page.navigate(project + path)).status())
                    .as(path)
                    .isIn(403, 404);
        }

        // An access key owns no keys, so it can neither open the page of own keys nor create keys.
        Page pageOfKey = console.browser().signedIn(console.accessKey(admin, "dcs:instance:list"));
        expect(pageOfKey.locator("header")).not().containsText("My access keys");
        assertThat(Objects.requireNonNull(pageOfKey.navigate(project + "/access-keys"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void pagesOfAUser_areAccessible_andSmallEnough() {
        createUser("console-paula");
        Page page = console.browser().signedIn(new Credentials(admin.projectId(), "console-paula", PASSWORD));
        PageChecks checks = new PageChecks(console, admin);
        checks.prepare(page);
        for (String path : new String[] {"/console/password", project + "/access-keys?owner=console-paula"}) {
            checks.checkWeight(page, path);
            checks.checkAccessibility(page, path, PageChecks.DESKTOP, ColorScheme.LIGHT);
            checks.checkAccessibility(page, path, PageChecks.PHONE, ColorScheme.DARK);
            checks.checkWidth(page, path, PageChecks.NARROWEST_PHONE);
        }

        assertThat(checks.problems()).isEmpty();
    }

    /** Creates a user with the permissions of a viewer through the API. */
    private void createUser(String name) {
        assertThat(console.service()
                        .call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + admin.projectId() + "/users",
                                "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD
                                        + "\",\"policies\":[\"viewer\"]}")
                        .status())
                .isEqualTo(201);
    }

    /** Selects a policy in a form. */
    private static void selectPolicy(Page page, String policy) {
        page.locator("input[name=policies][value=" + policy + "]").check();
    }

    /** Returns the message at a field of the form. */
    private static Locator fieldError(Page page, String field) {
        return page.locator("#" + field + "-hint .problem");
    }
}
