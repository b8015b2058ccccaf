package io.keysweep.server.iam;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectRegistration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Projects: made under {@code /api/v1}, and looked up as the SDKs do it when they are given a region but no project id
 * ({@code GET /v3/projects?name=…} of the IAM API, where the answer must hold exactly one).
 */
@RestController
final class ProjectController {

    private final Projects projects;
    private final IamStore store;

    ProjectController(Projects projects, IamStore store) {
        this.projects = projects;
        this.store = store;
    }

    /** Body of the IAM answer. */
    record ProjectList(@JsonProperty("projects") List<Entry> projects) {}

    /** One project of it. */
    record Entry(
            @JsonProperty("id") String id,
            @JsonProperty("name") String name,
            @JsonProperty("enabled") boolean enabled) {}

    @PostMapping("/api/v1/projects")
    @ResponseStatus(HttpStatus.CREATED)
    ProjectCreated create(@AuthenticationPrincipal Caller caller, @RequestBody ProjectRegistration body) {
        caller.require(Action.MANAGE_PROJECTS);
        Set<String> actions = Set.of(
                Action.ANALYZE,
                Action.LIST_INSTANCES.wireName(),
                Action.GET_INSTANCE.wireName(),
                Action.MANAGE_INSTANCES.wireName());
        return projects.create(body.name(), actions);
    }

    /** The name is a region's in the SDKs, and a key has one project whatever the region: the caller's, always. */
    @GetMapping("/v3/projects")
    ProjectList list(@AuthenticationPrincipal Caller caller, @RequestParam(required = false) @Nullable String name) {
        return new ProjectList(store.project(caller.projectId()).stream()
                .map(project -> new Entry(project.id(), name == null ? project.name() : name, true))
                .toList());
    }
}
