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
 * Shows, sets and removes the policies of one {@link PolicyEndpoint}, each as a whole document. The ETag is the version
 * of the owner's own policy, even where the policy of the project applies to an instance; it is 0 if the owner never
 * had one.
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
        this.kind = endpoint.documents().kind();
        this.owners = endpoint.owners();
        this.documents = endpoint.documents();
        this.policies = policies;
    }

    /** Returns the policy that applies to the owner. */
    @GetMapping
    V get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        PolicyOwner owner = owners.ownerToRead(caller, id);
        return viewWithTag(owner, policies.version(kind, owner), response);
    }

    /** Replaces the policy of the owner. */
    @PutMapping
    V set(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        PolicyOwner owner = owners.ownerToChange(caller, id);
        Integer expected = EntityTag.expectedVersion(ifMatch, kind.displayName());
        int version = policies.set(kind, owner, documents.normalize(document), caller.accessKey(), expected);
        return viewWithTag(owner, version, response);
    }

    /** Removes the policy of the owner; does nothing if the owner has none. */
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
     * Returns the view and sets the ETag. The version was read before the document: if another request changes the
     * policy in between, the ETag is too old and the next change with it is refused, which is safe.
     */
    private V viewWithTag(PolicyOwner owner, int version, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(version));
        return documents.view(owner, policies.findFor(kind, owner), version);
    }
}
