package io.keysweep.server.console;

import static io.keysweep.server.console.ConsoleBrowser.expect;
import static io.keysweep.server.console.ConsoleBrowser.heading;
import static io.keysweep.server.console.ConsoleBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests in a real browser the pages of projects and of their access policies. */
class ConsoleProjectsIT extends ConsoleTesting {

    private String project;

    @BeforeAll
    void prepare() {
        project = "/console/projects/" + admin.projectId();
    }

    @Test
    void accessPolicyForm_withAnUnknownActionOrAReplacedVersion_isRefused() {
        // The first action does not exist.
        Page page = console.browser().signedIn(admin, project + "/access-policies");
        page.locator("#policy-name").fill("no-prod");
        page.locator("#actions-0").fill("dcs:instance:nonsense");
        press(page, "Create access policy");
        expect(page.locator("fieldset .problem")).containsText("'dcs:instance:nonsense', must be");

        // The policy has two statements.
        page.locator("#actions-0").fill("dcs:*, keysweep:scan:control");
        page.locator("#effect-1").selectOption("deny");
        page.locator("#actions-1").fill("*");
        page.locator("#tags-1").fill("env=prod");
        press(page, "Create access policy");
        expect(page.getByText("Version 1, changed by " + admin.accessKey())).isVisible();
        expect(page.locator("#tags-1")).hasValue("env=prod");

        // Another caller replaces the policy while the page is open.
        String path = "/api/v1/projects/" + admin.projectId() + "/access-policies/no-prod";
        String statements = "{\"statements\":[{\"effect\":\"deny\",\"actions\":[\"*\"]}]}";
        assertThat(console.service().call(admin, "PUT", path, statements).status())
                .isEqualTo(200);

        press(page, "Save access policy");
        expect(page.getByRole(AriaRole.ALERT)).containsText("Somebody has changed this in the meantime");

        // After a reload, the form shows the new version, which can be removed.
        page.navigate(project + "/access-policies/no-prod");
        expect(page.locator("#actions-0")).hasValue("*");
        page.getByText("Remove…").click();
        press(page, "Remove no-prod");
        expect(page.locator("#access-policies")).not().containsText("no-prod");
    }

    @Test
    void project_isCreatedAndRenamed_andDeletedOnlyIfItsNameIsTyped() {
        // Another project already has the name that is typed first.
        Page page = console.browser().signedIn(admin, "/console/projects");
        page.locator("#create-name").fill("ConsoleProjectsIT");
        press(page, "Create project");
        expect(fieldError(page, "create-name")).containsText("Another project is named");
        page.locator("#create-name").fill("ConsoleProjectsIT, new");
        press(page, "Create project");
        expect(page.locator("#created-secret")).isVisible();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("ConsoleProjectsIT, new"))
                .click();

        // The new name is too long at first.
        page.getByText("Rename…").click();
        page.locator("#rename-name").fill("x".repeat(200));
        press(page, "Rename project");
        expect(fieldError(page, "rename-name")).isVisible();
        expect(page.locator("#rename-name")).hasValue("x".repeat(200));
        page.locator("#rename-name").fill("ConsoleProjectsIT, renamed");
        press(page, "Rename project");
        expect(page.getByRole(AriaRole.HEADING, heading("ConsoleProjectsIT, renamed")))
                .isVisible();

        // To confirm the deletion, the user types the former name at first, and then the present name.
        page.getByText("Delete…").click();
        page.locator("#remove-confirm").fill("ConsoleProjectsIT, new");
        press(page, "Delete project");
        expect(fieldError(page, "remove-confirm")).containsText("must be the name of the project");
        page.locator("#remove-confirm").fill("ConsoleProjectsIT, renamed");
        press(page, "Delete project");
        expect(page.locator("#projects")).not().containsText("ConsoleProjectsIT, renamed");
    }

    /** Returns the message at a field of a form. */
    private static Locator fieldError(Page page, String field) {
        return page.locator("#" + field + "-hint .problem");
    }
}
