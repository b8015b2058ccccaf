package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessPolicyView;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import io.keysweep.server.iam.UserName;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.request.EntityTag;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/projects/{id}/access-policies}: lists, sets and removes the access policies of a project.
 *
 * <p>The caller needs {@link Action#MANAGE_ACCESS_KEYS} for its own project, or {@link Action#MANAGE_PROJECTS} for any
 * project.
 */
@RestController
@RequestMapping("/api/v1/projects/{id}/access-policies")
final class AccessPolicyController {

    private static final Set<String> FIELDS = Set.of("statements");

    private final StoredProjects projects;
    private final AccessPolicies policies;

    AccessPolicyController(StoredProjects projects, AccessPolicies policies) {
        this.projects = projects;
        this.policies = policies;
    }

    @GetMapping
    List<AccessPolicyView> list(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return policies.list(projects.requireManageable(caller, id)).stream()
                .map(AccessPolicyController::view)
                .toList();
    }

    @GetMapping("/{name}")
    AccessPolicyView get(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @PathVariable String name,
            HttpServletResponse response) {
        return withETag(policies.find(projects.requireManageable(caller, id), name), response);
    }

    /**
     * Creates a policy, or replaces its statements. If the request has the header If-Match, the policy must still have
     * that version; otherwise the request is refused.
     */
    @PutMapping("/{name}")
    AccessPolicyView set(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @PathVariable String name,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        Project project = projects.requireManageable(caller, id);
        if (!UserName.isValid(name)) {
            throw RequestRefusedException.parameter("name", name, UserName.RULE);
        }
        DocumentReader reader = DocumentReader.of(body, FIELDS);
        List<AccessStatement> statements = RightsReader.statements(reader);
        Integer expected = EntityTag.expectedVersion(ifMatch, "the access policy");
        return withETag(reader.requireValid(() -> policies.set(caller, project, name, statements, expected)), response);
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String name) {
        policies.remove(caller, projects.requireManageable(caller, id), name);
    }

    private static AccessPolicyView withETag(AccessPolicy policy, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(policy.version()));
        return view(policy);
    }

    /** Converts a policy to its view in the native API. */
    static AccessPolicyView view(AccessPolicy policy) {
        return new AccessPolicyView(
                policy.name(),
                policy.builtIn(),
                policy.version(),
                policy.statements().stream()
                        .map(statement -> new AccessPolicyView.Statement(
                                statement.allow() ? "allow" : "deny",
                                statement.actions().stream().sorted().toList(),
                                RightsText.ids(statement.instances()),
                                statement.instances().tags()))
                        .toList(),
                policy.updatedAt(),
                policy.updatedBy());
    }
}
