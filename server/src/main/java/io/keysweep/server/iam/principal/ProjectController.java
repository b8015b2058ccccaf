package io.keysweep.server.iam.principal;

import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code /api/v1/projects}, which lists, creates, renames and deletes projects.
 *
 * <p>A project owns instances (registered Redis servers) and access keys. A caller without {@link
 * Action#MANAGE_PROJECTS} sees its own project only and cannot change it.
 */
@RestController
final class ProjectController {

    /**
     * The actions of the access key that is created with a project, unless the request names others: all actions that
     * concern one project, and no action that concerns the whole service. {@link Action#ANALYZE} stands for the actions
     * about scans.
     */
    private static final List<String> FIRST_ACTIONS = List.of(
            Action.ANALYZE,
            Action.LIST_INSTANCES.wireName(),
            Action.GET_INSTANCE.wireName(),
            Action.MANAGE_INSTANCES.wireName(),
            Action.MANAGE_WEBHOOKS.wireName(),
            Action.MANAGE_ACCESS_KEYS.wireName());

    private final StoredProjects projects;
    private final ProjectChanges changes;

    ProjectController(StoredProjects projects, ProjectChanges changes) {
        this.projects = projects;
        this.changes = changes;
    }

    /**
     * Creates a project. Its first access key has the actions that the body names, by default all actions that concern
     * one project. The caller must have all of them.
     */
    @PostMapping("/api/v1/projects")
    @ResponseStatus(HttpStatus.CREATED)
    ProjectCreated create(
            @AuthenticationPrincipal Caller caller,
            @RequestBody ProjectRegistration body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        caller.requireAction(Action.MANAGE_PROJECTS);
        List<String> actions = body.actions() == null ? FIRST_ACTIONS : Action.requireNames(body.actions());
        return changes.create(
                caller, body.name(), body.id(), Set.copyOf(actions), IdempotencyKey.of(key, "project", body));
    }

    /** Returns all projects if the caller may manage projects; otherwise only the caller's own project. */
    @GetMapping("/api/v1/projects")
    List<ProjectView> projects(@AuthenticationPrincipal Caller caller) {
        return projects.list(caller).stream().map(ProjectController::view).toList();
    }

    @GetMapping("/api/v1/projects/{id}")
    ProjectView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        return withETag(projects.find(caller, id), response);
    }

    @PutMapping("/api/v1/projects/{id}")
    ProjectView rename(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody ProjectRegistration body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        caller.requireAction(Action.MANAGE_PROJECTS);
        Integer expected = EntityTag.expectedVersion(ifMatch, "the project");
        return withETag(changes.rename(projects.find(caller, id), body.name(), expected), response);
    }

    @DeleteMapping("/api/v1/projects/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        caller.requireAction(Action.MANAGE_PROJECTS);
        changes.remove(caller, projects.find(caller, id));
    }

    /** Returns the view of a project, and sets the ETag to its version, which a client can send to rename it. */
    private static ProjectView withETag(Project project, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(project.version()));
        return view(project);
    }

    private static ProjectView view(Project project) {
        return new ProjectView(project.id(), project.name(), project.createdAt(), project.version());
    }
}
