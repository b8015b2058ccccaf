package io.keysweep.server.console.access;

import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectView;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.principal.AccessOperations;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the page that lists and creates projects, and a page for each project with the forms that rename and delete
 * it.
 *
 * <p>A project owns instances, users and access keys, and sees nothing of another project. The creation of a project
 * also creates its first access key, whose secret the page shows once. To delete a project, the user must type its
 * name.
 */
@Controller
@RequestMapping(AccessForms.PROJECTS)
final class ProjectsPageController {

    private final AccessOperations access;
    private final AccessForms forms;

    ProjectsPageController(AccessOperations access, AccessForms forms) {
        this.access = access;
        this.forms = forms;
    }

    /**
     * Shows a page of the projects that the caller may see, and the form that creates one.
     *
     * @param page number of the page, see {@link AccessForms#addPage}
     */
    @GetMapping
    String list(@AuthenticationPrincipal Caller caller, @RequestParam(defaultValue = "1") String page, Model model) {
        model.addAttribute("section", "access");
        AccessForms.addPage("projects", access.projects(caller), page, model);
        return "console/projects";
    }

    /** Creates a project, and shows the secret of its first access key once. */
    @PostMapping
    String create(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(defaultValue = "") String name,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "create",
                "name",
                () -> {
                    ProjectCreated created = access.createProject(caller, name.strip());
                    model.addAttribute("created", created);
                    List<String> ids = access.projects(caller).stream()
                            .map(ProjectView::id)
                            .toList();
                    return list(caller, AccessForms.pageWith(ids.indexOf(created.projectId())), model);
                },
                model,
                response,
                () -> {
                    model.addAttribute("name", name);
                    return list(caller, /* page= */ "1", model);
                });
    }

    /** Shows a project with the forms that rename and delete it. */
    @GetMapping("/{projectId}")
    String page(@AuthenticationPrincipal Caller caller, @PathVariable String projectId, Model model) {
        forms.show(caller, projectId, model);
        return "console/project";
    }

    /** Renames a project; refuses this if the project has changed since the page was shown. */
    @PostMapping("/{projectId}/rename")
    String rename(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "rename",
                "name",
                () -> {
                    String name = form.getOrDefault("name", "").strip();
                    access.renameProject(caller, projectId, name, FormFields.version(form), response);
                    return "redirect:" + AccessForms.PROJECTS + "/" + projectId;
                },
                model,
                response,
                () -> {
                    model.addAttribute("name", form.get("name"));
                    return page(caller, projectId, model);
                });
    }

    /**
     * Deletes a project; refuses a project that still has instances.
     *
     * @param confirm the name of the project, which the user types to confirm the deletion
     */
    @PostMapping("/{projectId}/remove")
    String remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam(defaultValue = "") String confirm,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "remove",
                "confirm",
                () -> {
                    ProjectView project = access.project(caller, projectId);
                    if (!confirm.strip().equals(project.name())) {
                        throw RequestRefusedException.parameter(
                                "confirm", confirm, Phrase.of("the name of the project, {0}", project.name()));
                    }
                    access.deleteProject(caller, projectId);
                    return "redirect:" + AccessForms.PROJECTS;
                },
                model,
                response,
                () -> page(caller, projectId, model));
    }
}
