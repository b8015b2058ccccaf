package io.keysweep.server.policy;

import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.EntityTag;
import jakarta.servlet.http.HttpServletResponse;
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
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import tools.jackson.databind.JsonNode;

/**
 * Serves one {@link PolicyEndpoint}: shows, sets and removes policies, each as a complete document.
 *
 * <p>A policy is a document of settings that a project sets as the default or an instance as its exception. {@link
 * PolicyRoutes} creates one controller for each endpoint and registers its methods, so no annotation names the path.
 *
 * <p>The ETag is the version of the policy that the project or instance in the path has set itself, or 0 if it never
 * set one. If an instance has no policy, the response contains the policy of its project, but with the ETag of the
 * instance: 0 or the version of the removed policy. A client that sends this ETag back sets the policy of the instance.
 *
 * @param <V> the view that the native API shows
 */
@ResponseBody
final class PolicyController<V> {

    private final PolicyKind kind;
    private final PolicyOwnerAccess owners;
    private final PolicyDocuments<V> documents;
    private final PolicyStore policies;

    PolicyController(PolicyEndpoint<V> endpoint, PolicyStore policies) {
        this.kind = endpoint.documentRules().kind();
        this.owners = endpoint.ownerAccess();
        this.documents = endpoint.documentRules();
        this.policies = policies;
    }

    /**
     * Returns the policy that applies to the project or instance in the path. If the instance has no policy, that is
     * the policy of its project.
     */
    @GetMapping
    V get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        PolicyOwner owner = owners.ownerToRead(caller, id);
        return viewWithTag(owner, policies.version(kind, owner), response);
    }

    /**
     * Sets the policy of the project or instance in the path, and replaces the earlier one completely. Refuses the
     * request if the version in {@code If-Match} is not the current one.
     */
    @PutMapping
    V set(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        PolicyOwner owner = owners.ownerToChange(caller, id);
        Integer expectedVersion = EntityTag.expectedVersion(ifMatch, kind.displayName());
        StoredPolicy storedPolicy =
                policies.setAndFind(kind, owner, documents.normalize(document), caller.accessKey(), expectedVersion);
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(storedPolicy.version()));
        return documents.view(owner, storedPolicy.policy(), storedPolicy.version());
    }

    /** Removes the policy of the project or instance in the path; changes nothing if there is none. */
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        PolicyOwner owner = owners.ownerToChange(caller, id);
        policies.remove(kind, owner, EntityTag.expectedVersion(ifMatch, kind.displayName()));
    }

    /**
     * Reads the policy that applies, returns its view and sets the ETag.
     *
     * @param version the version of the owner's policy, which the caller must read before this method reads the policy.
     *     If another request changes the policy in between, the ETag is too old, and the service refuses a change with
     *     it. If the policy were read first, the ETag could be newer than the document, and a client could overwrite a
     *     change that it has not seen.
     */
    private V viewWithTag(PolicyOwner owner, int version, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(version));
        return documents.view(owner, policies.findFor(kind, owner), version);
    }
}
