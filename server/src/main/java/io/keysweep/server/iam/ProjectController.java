package io.keysweep.server.iam;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import io.keysweep.api.ProjectView;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code /api/v1/projects}, which manages projects, and {@code GET /v3/projects?name=…} of Huawei Cloud's IAM
 * API.
 *
 * <p>The official SDKs call the IAM operation if they are given a region but no project id. They expect exactly one
 * project in the response.
 */
@RestController
final class ProjectController {

    private final Projects projects;
    private final IamStore store;

    ProjectController(Projects projects, IamStore store) {
        this.projects = projects;
        this.store = store;
    }

    /** Lists projects in the response of {@code GET /v3/projects}. */
    record IamProjects(@JsonProperty("projects") List<IamProject> projects) {}

    /** Describes one project in the response of {@code GET /v3/projects}. */
    record IamProject(
            @JsonProperty("id") String id,
            @JsonProperty("name") String name,
            @JsonProperty("enabled") boolean enabled) {}

    /**
     * Creates a project. Its first access key has all actions that concern this one project, but not the whole service.
     */
    @PostMapping("/api/v1/projects")
    @ResponseStatus(HttpStatus.CREATED)
    ProjectCreated create(
            @AuthenticationPrincipal Caller caller,
            @RequestBody ProjectRegistration body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        caller.require(Action.MANAGE_PROJECTS);
        Set<String> actions = Set.of(
                Action.ANALYZE,
                Action.LIST_INSTANCES.wireName(),
                Action.GET_INSTANCE.wireName(),
                Action.MANAGE_INSTANCES.wireName(),
                Action.MANAGE_WEBHOOKS.wireName(),
                Action.MANAGE_ACCESS_KEYS.wireName());
        return projects.create(caller, body.name(), actions, IdempotencyKey.of(key, "project", body));
    }

    /** Returns all projects if the caller may manage projects, else only the caller's own project. */
    @GetMapping("/api/v1/projects")
    List<ProjectView> projects(@AuthenticationPrincipal Caller caller) {
        return projects.list(caller).stream().map(ProjectController::view).toList();
    }

    @GetMapping("/api/v1/projects/{id}")
    ProjectView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        return tagged(projects.find(caller, id), response);
    }

    @PutMapping("/api/v1/projects/{id}")
    ProjectView rename(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody ProjectRegistration body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        caller.require(Action.MANAGE_PROJECTS);
        Integer expected = EntityTag.expectedVersion(ifMatch, "the project");
        return tagged(projects.rename(projects.find(caller, id), body.name(), expected), response);
    }

    @DeleteMapping("/api/v1/projects/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        caller.require(Action.MANAGE_PROJECTS);
        projects.remove(caller, projects.find(caller, id));
    }

    private static ProjectView tagged(Project project, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(project.version()));
        return view(project);
    }

    private static ProjectView view(Project project) {
        return new ProjectView(project.id(), project.name(), project.createdAt(), project.version());
    }

    /**
     * Returns the caller's project under the name that the client requests, even if the project has another name.
     *
     * <p>The SDKs send the name of a region, but an access key has one project in all regions.
     */
    @GetMapping("/v3/projects")
    IamProjects listForSdk(
            @AuthenticationPrincipal Caller caller, @RequestParam(required = false) @Nullable String name) {
        return new IamProjects(store.project(caller.projectId()).stream()
                .map(project -> new IamProject(project.id(), name == null ? project.name() : name, true))
                .toList());
    }
}
