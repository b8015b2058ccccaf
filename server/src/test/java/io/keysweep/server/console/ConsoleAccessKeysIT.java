package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.keysweep.server.TestService.Credentials;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Tests in a real browser the pages of access keys: their rights, owners, times of expiry and secrets. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsoleAccessKeysIT extends ConsoleTesting {

    private String project;

    @BeforeAll
    void prepare() {
        project = "/console/projects/" + admin.projectId();
    }

    @Test
    void accessKey_untilItsWithdrawal_isShownWithItsState_andWithItsSecretOnce() {
        // The form refuses a time of expiry that cannot be read, and then creates the key.
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        selectPolicy(page, "viewer");
        page.locator("#create-expiresAt").fill("soon");
        press(page, "Create access key");
        expect(fieldError(page, "create-expiresAt")).containsText("Expires at (UTC) is 'soon', must be an instant");
        expect(page.locator("#create-expiresAt")).isFocused();
        page.locator("#create-expiresAt").fill("2099-01-31 12:00");
        press(page, "Create access key");
        Credentials created = new Credentials(
                admin.projectId(),
                page.locator("#created-key").innerText(),
                page.locator("#created-secret").innerText());

        assertThat(console.service()
                        .call(created, "GET", "/api/v1/instances", "")
                        .status())
                .isEqualTo(200);

        // The page of the key does not show the secret. The rights can be changed.
        page.navigate(project + "/access-keys/" + created.accessKey());
        expect(page.locator("#created-secret")).hasCount(0);
        expect(page.locator("dl.facts")).containsText("2099-01-31 12:00:00 UTC");
        page.getByText("Change…").click();
        selectPolicy(page, "operator");
        page.locator("#rights-tags").fill("env=prod");
        press(page, "Save rights");
        expect(page.locator("#policies")).hasText("operator, viewer");
        expect(page.locator("dl.facts")).containsText("env=prod");

        // The key is disabled and enabled.
        press(page, "Disable");
        expect(page.locator("#state")).containsText("disabled since");
        press(page, "Enable");
        expect(page.locator("#state")).hasText("enabled");

        // The key is rotated: a new key replaces it, and the old key is valid for two more hours.
        page.getByText("Rotate…").click();
        page.locator("#rotate-overlapMinutes").fill("soon");
        press(page, "Create the new key");
        expect(fieldError(page, "rotate-overlapMinutes")).isVisible();
        expect(page.locator("#rotate-overlapMinutes")).hasValue("soon");
        page.locator("#rotate-overlapMinutes").fill("2 h");
        press(page, "Create the new key");
        String newKey = page.locator("#created-key").innerText();
        expect(page.getByRole(AriaRole.HEADING, heading(newKey))).isVisible();

        // The new key is withdrawn. The list still has the old key.
        page.getByText("Withdraw…").click();
        press(page, "Withdraw access key");
        expect(page.locator("#access-keys")).containsText(created.accessKey());
        expect(page.locator("#access-keys")).not().containsText(newKey);

        // Callers cannot withdraw their own key.
        page.navigate(project + "/access-keys/" + admin.accessKey());
        expect(page.getByText("Withdraw…")).hasCount(0);

        // The audit log has the changes, and not the secret.
        assertThat(console.service()
                        .call(admin, "GET", "/api/v1/audit?resource=" + created.accessKey(), "")
                        .response()
                        .body())
                .contains("changeAccessKey", "rotateAccessKey", "\"session\"")
                .doesNotContain(created.secretKey());
    }

    @Test
    void callerWithFewRights_neitherGivesOtherRightsNorSeesOtherProjects() {
        // The caller cannot give a key the rights of an administrator.
        Credentials limited = console.accessKey(admin, "keysweep:access-key:manage", "dcs:instance:list");
        Page page = console.browser().signedIn(limited, project + "/access-keys");
        selectPolicy(page, "administrator");
        press(page, "Create access key");
        expect(page.locator("fieldset .problem")).containsText("You cannot give or take");
        expect(page.locator("input[value=administrator]")).isChecked();

        // The caller sees only the caller's project, and cannot create another project.
        page.navigate("/console/projects");
        expect(page.locator("#projects tbody tr")).hasCount(1);
        expect(page.getByText("A new project")).hasCount(0);
        Credentials keyOfOtherProject = console.service().project("ConsoleAccessKeysIT of others");
        for (String path : new String[] {"access-keys", "users", "access-policies"}) {
            String pathOfOtherProject = "/console/projects/" + keyOfOtherProject.projectId() + "/" + path;
            assertThat(Objects.requireNonNull(page.navigate(pathOfOtherProject)).status())
                    .as(path)
                    .isEqualTo(404);
        }

        // A caller without any right to manage access has no such page.
        Page watcher = console.browser().signedIn(console.accessKey(admin, "dcs:instance:list"));
        expect(watcher.locator("header nav")).not().containsText("Access");

        assertThat(Objects.requireNonNull(watcher.navigate(project + "/users")).status())
                .isEqualTo(403);
    }

    @Test
    void createButton_doubleClicked_createsOneKey() {
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        int keysBefore = page.locator("#access-keys tbody tr").count();

        selectPolicy(page, "viewer");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Create access key"))
                .dblclick();
        expect(page.locator("#created-secret")).isVisible();

        page.navigate(project + "/access-keys");
        expect(page.locator("#access-keys tbody tr")).hasCount(keysBefore + 1);
    }

    @Test
    void accessKeyForAnUnknownOwner_isRefusedAtTheFieldOfTheOwner() {
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        page.locator("#create-userId").fill("nobody-here");
        press(page, "Create access key");

        expect(fieldError(page, "create-userId")).containsText("must be the name of a user of the project");
        expect(page.locator("#create-userId")).hasValue("nobody-here");
    }

    @Test
    void instancesThatLimitAKey_areShownByName_andAreMarkedIfTheyWereRemoved() {
        // The form refuses an unknown name, and then limits the key to two instances.
        console.register(admin, "narrowing kept", console.redisUri());
        String removed = console.register(admin, "narrowing-gone", ConsoleFixture.UNREACHABLE_URI);
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        selectPolicy(page, "viewer");
        page.locator("#create-instances").fill("narrowing kept, nonsense");
        press(page, "Create access key");
        expect(fieldError(page, "create-instances")).containsText("'nonsense', must be the name or the id");
        page.locator("#create-instances").fill("narrowing kept, narrowing-gone");
        press(page, "Create access key");
        String key = page.locator("#created-key").innerText();

        // The page of the key shows the names.
        page.navigate(project + "/access-keys/" + key);
        expect(page.locator("dl.facts")).containsText("narrowing kept, narrowing-gone");
        page.getByText("Change…").click();
        expect(page.locator("#rights-instances")).hasValue("narrowing kept, narrowing-gone");

        // A removed instance no longer has a name, so its id is shown.
        assertThat(console.service()
                        .call(admin, "DELETE", "/api/v1/instances/" + removed, "")
                        .status())
                .isEqualTo(204);

        page.reload();
        expect(page.locator("dl.facts")).containsText(removed + " (removed)");
    }

    @Test
    void accessPolicyForm_withNamesOfInstances_storesTheirIdsOrRefusesThem() {
        String instanceId = console.register(admin, "policy orders", console.redisUri());
        Page page = console.browser().signedIn(admin, project + "/access-policies");

        // The form shows the name, and the service stores the id.
        page.locator("#policy-name").fill("only-orders");
        page.locator("#actions-0").fill("dcs:*");
        page.locator("#instances-0").fill("policy orders");
        press(page, "Create access policy");
        expect(page.locator("#instances-0")).hasValue("policy orders");
        String path = "/api/v1/projects/" + admin.projectId() + "/access-policies/only-orders";
        assertThat(console.service().call(admin, "GET", path, "").body().toString())
                .contains(instanceId);

        // No instance has this name.
        page.locator("#instances-0").fill("nonsense");
        press(page, "Save access policy");
        expect(page.locator("fieldset .problem")).containsText("must be the name or the id of an instance");
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
