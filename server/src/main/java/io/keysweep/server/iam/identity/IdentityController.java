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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the read-only parts of the IAM API under {@code /v3}: projects, domains, and the catalog of services.
 *
 * <p>Clients of Huawei Cloud send these requests before their first request to the DCS API under {@code /v2}. The
 * official SDKs ask for the project if they are given a region but no project id. The Terraform providers also read the
 * catalog. {@link IdentityDocuments} builds the documents.
 */
@RestController
final class IdentityController {

    /** The numbers by which clients ask for the first page. */
    private static final Set<String> FIRST_PAGE = Set.of("", "0", "1");

    private final Projects projects;
    private final IdentityDocuments documents;

    IdentityController(Projects projects, IdentityDocuments documents) {
        this.projects = projects;
        this.documents = documents;
    }

    /**
     * Returns a list with the caller's project only, because the SDKs expect exactly one project.
     *
     * <p>Clients ask by the name of a region, such as {@code cn-north-4}, and expect that name in the answer. The
     * project therefore appears under the requested name, if the request has one. Parameters that name a domain have no
     * effect, because there is only one domain.
     *
     * @param name requested name; if another project that the caller can see has this name, the list is empty
     * @param enabled {@code false} to list disabled projects, of which there are none
     * @param isDomain {@code true} to list projects that are domains, of which there are none
     * @param page number of the page, from 1. All pages but the first are empty, because some clients read pages until
     *     one is empty
     */
    @GetMapping({"/v3/projects", "/v3/auth/projects"})
    Map<String, Object> projects(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable String enabled,
            @RequestParam(name = "is_domain", required = false) @Nullable String isDomain,
            @RequestParam(required = false) @Nullable String page) {
        boolean isAlwaysEmpty = "false".equalsIgnoreCase(enabled)
                || "true".equalsIgnoreCase(isDomain)
                || (page != null && !FIRST_PAGE.contains(page));
        String requestedName = blankToNull(name);
        return list(
                "projects",
                isAlwaysEmpty
                        ? List.of()
                        : projects.findOwn(caller, requestedName).stream()
                                .map(project -> documents.project(
                                        project, requestedName == null ? project.name() : requestedName))
                                .toList());
    }

    /** Returns the caller's project. Any other project is refused like a project that does not exist. */
    @GetMapping("/v3/projects/{id}")
    Map<String, Object> project(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Project callerProject = projects.findOwn(caller, /* name= */ null)
                .filter(project -> project.id().equals(ProjectId.canonical(id)))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT));
        return Map.of("project", documents.project(callerProject, callerProject.name()));
    }

    /**
     * Returns the only domain, under the requested name if the request has one; see {@link IdentityDocuments#domain}.
     */
    @GetMapping("/v3/auth/domains")
    Map<String, Object> domains(@RequestParam(required = false) @Nullable String name) {
        String requestedName = blankToNull(name);
        return list("domains", List.of(requestedName == null ? documents.domain() : documents.domain(requestedName)));
    }

    @GetMapping("/v3/auth/catalog")
    Map<String, Object> catalog(@AuthenticationPrincipal Caller caller) {
        return list("catalog", documents.catalog(caller.projectId()));
    }

    /** Returns the services of the catalog. Clients that ask for a type expect exactly one service in the answer. */
    @GetMapping("/v3/services")
    Map<String, Object> services(
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String name) {
        return list("services", documents.services(type, name));
    }

    /** Returns the endpoints that match all parameters of the request. OpenStack's Identity API defines them. */
    @GetMapping("/v3/endpoints")
    Map<String, Object> endpoints(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(name = "service_id", required = false) @Nullable String serviceId,
            @RequestParam(name = "interface", required = false) @Nullable String audience,
            @RequestParam(name = "region_id", required = false) @Nullable String regionId) {
        return list(
                "endpoints",
                documents.endpoints(caller.projectId()).stream()
                        .filter(endpoint -> serviceId == null || serviceId.equals(endpoint.serviceId()))
                        .filter(endpoint -> audience == null || audience.equals(endpoint.audience()))
                        .filter(endpoint -> regionId == null || regionId.equals(endpoint.regionId()))
                        .toList());
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** Returns a list without a next page, in the form of the Identity API. */
    private static Map<String, Object> list(String name, List<?> elements) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put(name, elements);
        list.put("links", Map.of("self", VersionController.endpoint() + "/v3/" + name));
        return list;
    }
}
