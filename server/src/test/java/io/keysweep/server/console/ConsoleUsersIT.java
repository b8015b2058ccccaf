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
        page.locator("#create-password").fill("correct horse battery");
        selectPolicy(page, "viewer");
        press(page, "Create user");

        expect(page.locator("main [role=alert]")).containsText("ends at 2099-01-31T12:00:00Z");
        expect(page.locator("fieldset .problem")).hasCount(0);
        expect(page.locator("#create-name")).hasValue("console-endless");
    }

    @Test
    void user_thatIsCreatedDisabledAndRemoved_isShownWithTheState_likeTheKeysThatTheUserOwns() {
        // The form keeps the name if the password is too short.
        Page userPage = console.browser().signedIn(admin, project + "/users");
        userPage.locator("#create-name").fill("console-anna");
        userPage.locator("#create-password").fill("short");
        selectPolicy(userPage, "viewer");
        press(userPage, "Create user");
        expect(fieldError(userPage, "create-password")).containsText("12 to 128");
        expect(userPage.locator("#create-name")).hasValue("console-anna");

        userPage.locator("#create-password").fill("correct horse battery");
        press(userPage, "Create user");
        expect(userPage.getByRole(AriaRole.HEADING, heading("console-anna"))).isVisible();
        expect(userPage.locator("#policies")).hasText("viewer");

        // Anna gets another password, is disabled, and then gets an access key.
        userPage.getByText("Set password…").click();
        userPage.locator("#password-password").fill("another horse battery");
        press(userPage, "Set password");
        press(userPage, "Disable");
        expect(userPage.locator("#state")).containsText("disabled since");
        assertThat(console.service()
                        .call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + admin.projectId() + "/access-keys",
                                "{\"userId\":\"console-anna\"}")
                        .status())
                .isEqualTo(201);

        // A second page shows Anna's key, which follows the state of its owner.
        Page keyPage = console.browser().signedIn(admin, project + "/access-keys");
        Locator rowOfKey = keyPage.locator("#access-keys tbody tr")
                .filter(new Locator.FilterOptions().setHasText("It belongs to console-anna."));
        expect(rowOfKey.locator(".state")).hasText("owner disabled");
        rowOfKey.getByRole(AriaRole.LINK).click();
        expect(keyPage.locator("#state")).hasText("owner disabled");
        press(userPage, "Enable");
        keyPage.reload();
        expect(keyPage.locator("#state")).hasText("enabled");

        // A key whose end is in the past has ended, although its owner is enabled.
        keyPage.getByText("Change…").click();
        keyPage.locator("#rights-expiresAt").fill("2020-01-31 12:00");
        press(keyPage, "Save rights");
        expect(keyPage.locator("#state")).hasText("expired");

        // The administrator removes Anna. As the page says, this withdraws Anna's access key.
        userPage.getByText("Remove…").click();
        expect(userPage.locator("form[action$='/remove']"))
                .containsText("This withdraws the access keys of this user.");
        press(userPage, "Remove console-anna");
        expect(userPage.getByRole(AriaRole.HEADING, heading("Users"))).isVisible();
        expect(userPage.locator("#users tbody tr").filter(new Locator.FilterOptions().setHasText("console-anna")))
                .hasCount(0);
        keyPage.navigate(project + "/access-keys");
        expect(rowOfKey).hasCount(0);
    }

    @Test
    void user_withoutPermissions_managesOwnKeysOnly() {
        String name = "console-olga";
        String password = "correct horse battery";
        assertThat(console.service()
                        .call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + admin.projectId() + "/users",
                                "{\"name\":\"" + name + "\",\"password\":\"" + password
                                        + "\",\"policies\":[\"viewer\"]}")
                        .status())
                .isEqualTo(201);

        // The navigation leads to the user's own access keys only.
        Page page = console.browser().signedIn(new Credentials(admin.projectId(), name, password));
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

        // Keys of others and the pages of administrators are refused.
        for (String path : new String[] {"/access-keys/" + admin.accessKey(), "/users", "/access-policies"}) {
            assertThat(Objects.requireNonNull(page.navigate(project + path)).status())
                    .as(path)
                    .isIn(403, 404);
        }

        // An access key has no own keys, so it can neither open the page nor create keys.
        Page pageOfKey = console.browser().signedIn(console.accessKey(admin, "dcs:instance:list"));
        expect(pageOfKey.locator("header")).not().containsText("My access keys");
        assertThat(Objects.requireNonNull(pageOfKey.navigate(project + "/access-keys"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void pagesOfAUser_areAccessible_andSmallEnough() {
        String password = "correct horse battery";
        assertThat(console.service()
                        .call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + admin.projectId() + "/users",
                                "{\"name\":\"console-paula\",\"password\":\"" + password
                                        + "\",\"policies\":[\"viewer\"]}")
                        .status())
                .isEqualTo(201);

        Page page = console.browser().signedIn(new Credentials(admin.projectId(), "console-paula", password));
        PageChecks checks = new PageChecks(console, admin);
        checks.prepare(page);
        for (String path : new String[] {"/console/password", project + "/access-keys?owner=console-paula"}) {
            checks.weight(page, path);
            checks.accessibility(page, path, 1280, ColorScheme.LIGHT);
            checks.accessibility(page, path, 390, ColorScheme.DARK);
            checks.width(page, path, 360);
        }
        assertThat(checks.problems()).isEmpty();
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
