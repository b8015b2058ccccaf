package io.keysweep.server.policy;

import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.EntityTag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import tools.jackson.databind.JsonNode;

/**
 * One kind of policy of one kind of owner, shown, set and removed as a whole. A subclass says where, for whom and what it
 * looks like. The ETag is the version of the owner's own policy, 0 if it never had one, whoever's it is that holds.
 *
 * @param <V> as it is shown
 */
public abstract class PolicyController<V> {

    private final PolicyKind kind;
    private final PolicyStore policies;

    /** For policies of that kind. */
    protected PolicyController(PolicyKind kind, PolicyStore policies) {
        this.kind = kind;
        this.policies = policies;
    }

    /** The owner of that id, if the caller may see its policy. */
    protected abstract PolicyOwner seen(Caller caller, String id);

    /** The owner of that id, if the caller may change its policy. */
    protected abstract PolicyOwner changed(Caller caller, String id);

    /** A document as it is kept, if no rule is broken. */
    protected abstract String checked(@Nullable JsonNode document);

    /** What holds for an owner, as it is shown. */
    protected abstract V view(PolicyOwner owner, Optional<Policy> found, int version);

    /** What holds. */
    @GetMapping
    public final V get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        PolicyOwner owner = seen(caller, id);
        return tagged(owner, policies.version(kind, owner), response);
    }

    /** Sets the whole of it. */
    @PutMapping
    public final V set(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        PolicyOwner owner = changed(caller, id);
        Integer expected = EntityTag.expectedVersion(ifMatch, kind.named());
        return tagged(owner, policies.set(kind, owner, checked(document), caller.accessKey(), expected), response);
    }

    /** Removes it; nothing happens if there is none. */
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public final void remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        policies.remove(kind, changed(caller, id), EntityTag.expectedVersion(ifMatch, kind.named()));
    }

    /** The version was read before the document: of one that is changed in between it is too old, never too new. */
    private V tagged(PolicyOwner owner, int version, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(version));
        return view(owner, policies.find(kind, owner), version);
    }
}
