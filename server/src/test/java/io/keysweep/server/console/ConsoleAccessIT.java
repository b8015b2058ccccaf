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
import tools.jackson.databind.JsonNode;

/** Tests in a real browser the pages of access keys, users, access policies and projects. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ConsoleAccessIT extends ConsoleTesting {

    private String project;

    @BeforeAll
    void prepare() {
        project = "/console/projects/" + admin.projectId();
    }

    @Test
    void accessKey_createdChangedRotatedAndWithdrawn_showsItsSecretOnce() {
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        check(page, "viewer");
        page.locator("#create-expiresAt").fill("soon");
        press(page, "Create access key");
        expect(fieldError(page, "create-expiresAt")).containsText("expiresAt is 'soon', must be an instant");
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

        page.navigate(project + "/access-keys/" + created.accessKey());
        expect(page.locator("#created-secret")).hasCount(0);
        expect(page.locator("dl.facts")).containsText("2099-01-31 12:00:00 UTC");
        page.getByText("Change…").click();
        check(page, "operator");
        page.locator("#rights-tags").fill("env=prod");
        press(page, "Save rights");
        expect(page.locator("#policies")).hasText("operator, viewer");
        expect(page.locator("dl.facts")).containsText("env=prod");
        press(page, "Disable");
        expect(page.locator("#state")).containsText("disabled since");
        press(page, "Enable");
        expect(page.locator("#state")).hasText("on");
        page.getByText("Rotate…").click();
        page.locator("#rotate-overlapMinutes").fill("soon");
        press(page, "Create the new key");
        expect(fieldError(page, "rotate-overlapMinutes")).isVisible();
        expect(page.locator("#rotate-overlapMinutes")).hasValue("soon");
        page.locator("#rotate-overlapMinutes").fill("2 h");
        press(page, "Create the new key");
        String rotated = page.locator("#created-key").innerText();
        expect(page.getByRole(AriaRole.HEADING, heading(rotated))).isVisible();
        page.getByText("Withdraw…").click();
        press(page, "Withdraw access key");
        expect(page.locator("#access-keys")).containsText(created.accessKey());
        expect(page.locator("#access-keys")).not().containsText(rotated);
        // A caller cannot withdraw their own key.
        page.navigate(project + "/access-keys/" + admin.accessKey());
        expect(page.getByText("Withdraw…")).hasCount(0);

        assertThat(console.service()
                        .call(admin, "GET", "/api/v1/audit?resource=" + created.accessKey(), "")
                        .response()
                        .body())
                .contains("changeAccessKey", "rotateAccessKey", "\"session\"")
                .doesNotContain(created.secretKey());
    }

    @Test
    void rights_thatTheCallerLacks_areRefusedAtTheirField_andOtherProjectsAreNotFound() {
        Credentials limited = console.accessKey(admin, "keysweep:access-key:manage", "dcs:instance:list");
        Page page = console.browser().signedIn(limited, project + "/access-keys");
        check(page, "administrator");
        press(page, "Create access key");
        expect(page.locator("fieldset .problem")).containsText("You cannot give or take");
        expect(page.locator("input[value=administrator]")).isChecked();
        page.navigate("/console/projects");
        expect(page.locator("#projects tbody tr")).hasCount(1);
        expect(page.getByText("A new project")).hasCount(0);
        Credentials others = console.service().project("ConsoleAccessIT of others");
        for (String path : new String[] {"access-keys", "users", "access-policies"}) {
            assertThat(Objects.requireNonNull(page.navigate("/console/projects/" + others.projectId() + "/" + path))
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }

        Page watcher = console.browser().signedIn(console.accessKey(admin, "dcs:instance:list"));
        expect(watcher.locator("header nav")).not().containsText("Access");

        assertThat(Objects.requireNonNull(watcher.navigate(project + "/users")).status())
                .isEqualTo(403);
    }

    @Test
    void createButton_doubleClicked_createsOneKey() {
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        int before = page.locator("#access-keys tbody tr").count();
        check(page, "viewer");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Create access key"))
                .dblclick();
        expect(page.locator("#created-secret")).isVisible();
        page.navigate(project + "/access-keys");
        expect(page.locator("#access-keys tbody tr")).hasCount(before + 1);
    }

    @Test
    void key_thatExpires_cannotCreateAUser_andThePageSaysWhy() {
        JsonNode created = console.service()
                .call(
                        admin,
                        "POST",
                        "/api/v1/projects/" + admin.projectId() + "/access-keys",
                        "{\"policies\":[\"administrator\"],\"expiresAt\":\"2099-01-31T12:00:00Z\"}")
                .body();
        Credentials ending = new Credentials(
                admin.projectId(),
                created.get("accessKey").asString(),
                created.get("secretKey").asString());
        Page page = console.browser().signedIn(ending, project + "/users");
        page.locator("#create-name").fill("console-endless");
        page.locator("#create-password").fill("correct horse battery");
        check(page, "viewer");
        press(page, "Create person");
        expect(page.locator("main [role=alert]")).containsText("ends at 2099-01-31T12:00:00Z");
        expect(page.locator("fieldset .problem")).hasCount(0);
        expect(page.locator("#create-name")).hasValue("console-endless");
    }

    @Test
    void user_createdChangedAndRemoved_isShownWithItsState() {
        Page page = console.browser().signedIn(admin, project + "/users");
        page.locator("#create-name").fill("console-anna");
        page.locator("#create-password").fill("short");
        check(page, "viewer");
        press(page, "Create person");
        expect(fieldError(page, "create-password")).containsText("12 to 128");
        expect(page.locator("#create-name")).hasValue("console-anna");
        page.locator("#create-password").fill("correct horse battery");
        press(page, "Create person");
        expect(page.getByRole(AriaRole.HEADING, heading("console-anna"))).isVisible();
        expect(page.locator("#policies")).hasText("viewer");
        page.getByText("Set password…").click();
        page.locator("#password-password").fill("another horse battery");
        press(page, "Set password");
        press(page, "Disable");
        expect(page.locator("#state")).containsText("disabled since");
        assertThat(console.service()
                        .call(
                                admin,
                                "POST",
                                "/api/v1/projects/" + admin.projectId() + "/access-keys",
                                "{\"userId\":\"console-anna\"}")
                        .status())
                .isEqualTo(201);

        Page keys = console.browser().signedIn(admin, project + "/access-keys");
        Locator owned = keys.locator("#access-keys tbody tr")
                .filter(new Locator.FilterOptions().setHasText("It belongs to console-anna."));
        expect(owned.locator(".state")).hasText("owner disabled");
        owned.getByRole(AriaRole.LINK).click();
        expect(keys.locator("#state")).hasText("owner disabled");
        press(page, "Enable");
        keys.reload();
        expect(keys.locator("#state")).hasText("on");
        keys.getByText("Change…").click();
        keys.locator("#rights-expiresAt").fill("2020-01-31 12:00");
        press(keys, "Save rights");
        expect(keys.locator("#state")).hasText("ended");
        page.getByText("Remove…").click();
        press(page, "Remove console-anna");
        expect(page.getByRole(AriaRole.HEADING, heading("People"))).isVisible();
        expect(page.locator("#users tbody tr").filter(new Locator.FilterOptions().setHasText("console-anna")))
                .hasCount(0);
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

        Page page = console.browser().signedIn(new Credentials(admin.projectId(), name, password));
        expect(page.locator("header nav")).not().containsText("Access");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("My access keys"))
                .click();
        expect(page.getByRole(AriaRole.HEADING, heading("My access keys"))).isVisible();
        expect(page.getByText(name + " has no access keys.")).isVisible();
        expect(page.locator("nav.tabs")).hasCount(0);
        expect(page.locator("#create-userId")).hasCount(0);
        press(page, "Create access key");
        Credentials own = new Credentials(
                admin.projectId(),
                page.locator("#created-key").innerText(),
                page.locator("#created-secret").innerText());
        expect(page.locator("#access-keys tbody tr")).hasCount(1);

        assertThat(console.service().call(own, "GET", "/api/v1/instances", "").status())
                .isEqualTo(200);
        assertThat(console.service().call(own, "GET", "/api/v1/webhooks", "").status())
                .isEqualTo(403);

        page.navigate(project + "/access-keys/" + own.accessKey());
        page.getByText("Rotate…").click();
        page.locator("#rotate-overlapMinutes").fill("0");
        press(page, "Create the new key");
        String rotated = page.locator("#created-key").innerText();
        expect(page.locator("#owner")).hasText(name);
        press(page, "Disable");
        expect(page.locator("#state")).containsText("disabled since");
        page.getByText("Withdraw…").click();
        press(page, "Withdraw access key");
        expect(page.getByRole(AriaRole.HEADING, heading("My access keys"))).isVisible();
        expect(page.locator("#access-keys")).not().containsText(rotated);
        expect(page.locator("#access-keys .state")).hasText("ended");
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
    void owner_ofANewKey_whoDoesNotExist_isRefusedAtItsField() {
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        page.locator("#create-userId").fill("nobody-here");
        press(page, "Create access key");
        expect(fieldError(page, "create-userId")).containsText("must be the name of a user of the project");
        expect(page.locator("#create-userId")).hasValue("nobody-here");
    }

    @Test
    void instances_thatLimitAKey_areShownByName_andRemovedOnesAreMarked() {
        String kept = console.register(admin, "narrowing kept", console.redisUri());
        String gone = console.register(admin, "narrowing-gone", ConsoleFixture.UNREACHABLE_URI);
        Page page = console.browser().signedIn(admin, project + "/access-keys");
        check(page, "viewer");
        page.locator("#create-instances").fill("narrowing kept, nonsense");
        press(page, "Create access key");
        expect(fieldError(page, "create-instances")).containsText("'nonsense', must be the name or the id");
        page.locator("#create-instances").fill("narrowing kept, narrowing-gone");
        press(page, "Create access key");
        String key = page.locator("#created-key").innerText();
        page.navigate(project + "/access-keys/" + key);
        expect(page.locator("dl.facts")).containsText("narrowing kept, narrowing-gone");
        page.getByText("Change…").click();
        expect(page.locator("#rights-instances")).hasValue("narrowing kept, narrowing-gone");
        assertThat(console.service()
                        .call(admin, "DELETE", "/api/v1/instances/" + gone, "")
                        .status())
                .isEqualTo(204);

        page.reload();
        expect(page.locator("dl.facts")).containsText(gone + " (removed)");
        page.navigate(project + "/access-policies");
        page.locator("#policy-name").fill("only-kept");
        page.locator("#actions-0").fill("dcs:*");
        page.locator("#instances-0").fill("narrowing kept");
        press(page, "Create access policy");
        expect(page.locator("#instances-0")).hasValue("narrowing kept");
        assertThat(console.service()
                        .call(admin, "GET", "/api/v1/projects/" + admin.projectId() + "/access-policies/only-kept", "")
                        .body()
                        .toString())
                .contains(kept);

        page.locator("#instances-0").fill("nonsense");
        press(page, "Save access policy");
        expect(page.locator("fieldset .problem")).containsText("must be the name or the id of an instance");
    }

    @Test
    void accessPolicy_changedByAnotherCallerMeanwhile_isNotSaved() {
        Page page = console.browser().signedIn(admin, project + "/access-policies");
        page.locator("#policy-name").fill("no-prod");
        page.locator("#actions-0").fill("dcs:instance:nonsense");
        press(page, "Create access policy");
        expect(page.locator("fieldset .problem")).containsText("'dcs:instance:nonsense', must be");
        page.locator("#actions-0").fill("dcs:*, keysweep:scan:control");
        page.locator("#effect-1").selectOption("deny");
        page.locator("#actions-1").fill("*");
        page.locator("#tags-1").fill("env=prod");
        press(page, "Create access policy");
        expect(page.getByText("Version 1, changed by " + admin.accessKey())).isVisible();
        expect(page.locator("#tags-1")).hasValue("env=prod");
        String path = "/api/v1/projects/" + admin.projectId() + "/access-policies/no-prod";
        String statements = "{\"statements\":[{\"effect\":\"deny\",\"actions\":[\"*\"]}]}";
        assertThat(console.service().call(admin, "PUT", path, statements).status())
                .isEqualTo(200);

        press(page, "Save access policy");
        expect(page.getByRole(AriaRole.ALERT)).containsText("Somebody has changed this in the meantime");
        page.navigate(project + "/access-policies/no-prod");
        expect(page.locator("#actions-0")).hasValue("*");
        page.getByText("Remove…").click();
        press(page, "Remove no-prod");
        expect(page.locator("#access-policies")).not().containsText("no-prod");
    }

    @Test
    void project_createdAndRenamed_isDeletedOnlyIfItsNameIsTyped() {
        Page page = console.browser().signedIn(admin, "/console/projects");
        page.locator("#create-name").fill("ConsoleAccessIT");
        press(page, "Create project");
        expect(fieldError(page, "create-name")).containsText("Another project is named");
        page.locator("#create-name").fill("ConsoleAccessIT, new");
        press(page, "Create project");
        expect(page.locator("#created-secret")).isVisible();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("ConsoleAccessIT, new"))
                .click();
        page.getByText("Rename…").click();
        page.locator("#rename-name").fill("x".repeat(200));
        press(page, "Rename project");
        expect(fieldError(page, "rename-name")).isVisible();
        expect(page.locator("#rename-name")).hasValue("x".repeat(200));
        page.locator("#rename-name").fill("ConsoleAccessIT, renamed");
        press(page, "Rename project");
        expect(page.getByRole(AriaRole.HEADING, heading("ConsoleAccessIT, renamed")))
                .isVisible();
        page.getByText("Delete…").click();
        page.locator("#remove-confirm").fill("ConsoleAccessIT, new");
        press(page, "Delete project");
        expect(fieldError(page, "remove-confirm")).containsText("must be the name of the project");
        page.locator("#remove-confirm").fill("ConsoleAccessIT, renamed");
        press(page, "Delete project");
        expect(page.locator("#projects")).not().containsText("ConsoleAccessIT, renamed");
    }

    /** Selects a policy in a form. */
    private static void check(Page page, String policy) {
        page.locator("input[name=policies][value=" + policy + "]").check();
    }

    private static Locator fieldError(Page page, String field) {
        return page.locator("#" + field + "-hint .problem");
    }
}
