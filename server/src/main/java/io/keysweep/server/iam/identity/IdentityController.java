package io.keysweep.server.iam.identity;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.Projects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the parts of the IAM API under {@code /v3} that only read: projects, domains, and the service catalog.
 *
 * <p>Clients of Huawei Cloud read them before their first request to the DCS API, the one under {@code /v2}. The
 * official SDKs ask for the project if they are given a region but no project id. The Terraform providers also read the
 * catalog. {@link IdentityDocuments} builds the documents.
 */
@RestController
final class IdentityController {

    private final Projects projects;
    private final IdentityDocuments documents;

    IdentityController(Projects projects, IdentityDocuments documents) {
        this.projects = projects;
        this.documents = documents;
    }

    /**
     * Returns a list with the caller's project only, because the SDKs expect exactly one project.
     *
     * <p>Clients ask by the name of a region, such as {@code cn-north-4}, and expect it in the answer. The project
     * therefore has the requested name. The list is empty if that is the name of another project that the caller can
     * see.
     */
    @GetMapping({"/v3/projects", "/v3/auth/projects"})
    Map<String, Object> projects(
            @AuthenticationPrincipal Caller caller, @RequestParam(required = false) @Nullable String name) {
        return list(
                "projects",
                projects.own(caller, name).stream()
                        .map(project -> documents.project(project, name == null ? project.name() : name))
                        .toList());
    }

    /** Returns the caller's project; another project is refused like one that does not exist. */
    @GetMapping("/v3/projects/{id}")
    Map<String, Object> project(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Project own = projects.own(caller, /* name= */ null)
                .filter(project -> project.id().equals(ProjectId.canonical(id)))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT));
        return Map.of("project", documents.project(own, own.name()));
    }

    /** Returns the only domain, under the requested name if there is one; see {@link IdentityDocuments#domain}. */
    @GetMapping("/v3/auth/domains")
    Map<String, Object> domains(@RequestParam(required = false) @Nullable String name) {
        return list("domains", List.of(name == null ? documents.domain() : documents.domain(name)));
    }

    @GetMapping("/v3/auth/catalog")
    Map<String, Object> catalog(@AuthenticationPrincipal Caller caller) {
        return list("catalog", documents.catalog(caller.projectId()));
    }

    @GetMapping("/v3/services")
    Map<String, Object> services() {
        return list("services", documents.services());
    }

    @GetMapping("/v3/endpoints")
    Map<String, Object> endpoints(@AuthenticationPrincipal Caller caller) {
        return list("endpoints", documents.endpoints(caller.projectId()));
    }

    /** Returns a list without a next page, in the form of the Identity API. */
    private static Map<String, Object> list(String name, List<?> elements) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put(name, elements);
        list.put("links", Map.of("self", VersionController.endpoint() + "/v3/" + name));
        return list;
    }
}
