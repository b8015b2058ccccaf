package io.keysweep.server.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Defines the documents of one kind of policy: the rules that they follow, and how the native API shows them.
 *
 * @param <V> the view that the native API shows
 */
public interface PolicyDocuments<V> {

    /** Returns the kind of these policies. */
    PolicyKind kind();

    /**
     * Checks a document and returns it as it is stored, with every default filled in.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule; the exception names all
     *     broken rules
     */
    String normalize(@Nullable JsonNode document);

    /**
     * Returns the view of the policy that applies to an owner.
     *
     * @param policy the policy that applies: the owner's own, or for an instance without one its project's; empty for
     *     none
     * @param version the version of the owner's own policy, 0 if the owner never had one
     */
    V view(PolicyOwner owner, Optional<Policy> policy, int version);
}
