package io.keysweep.server.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Defines the documents of one kind of policy: which rules they must follow, and how the native API shows them.
 *
 * <p>A policy is a document of settings that a project sets as the default or an instance as its exception. The package
 * of each kind, such as windows or budgets, implements this interface. Implementations must be thread-safe.
 *
 * @param <V> the view that the native API shows
 */
public interface PolicyDocuments<V> {

    /** Returns the kind of policy that the documents describe. */
    PolicyKind kind();

    /**
     * Checks a document and returns it as it is stored: as JSON with every default filled in.
     *
     * @param document the body of the request, or null if it has none
     * @throws io.keysweep.server.error.RequestRefusedException if the document is missing or breaks any rule; the
     *     exception names all broken rules
     */
    String normalize(@Nullable JsonNode document);

    /**
     * Returns the view of the policy that applies to a project or an instance.
     *
     * @param owner the project or the instance
     * @param policy the policy that applies; for an instance, this can be the policy of its project; empty for none
     * @param version the version of the policy that the owner has set itself, 0 if the owner never set one
     */
    V view(PolicyOwner owner, Optional<Policy> policy, int version);
}
