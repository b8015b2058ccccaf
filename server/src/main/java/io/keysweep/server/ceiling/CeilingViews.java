package io.keysweep.server.ceiling;

import io.keysweep.api.CeilingsDocument;
import io.keysweep.api.CeilingsView;
import io.keysweep.api.CeilingsView.CeilingInForce;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyDocuments;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks the documents in which projects or instances set their ceilings, and creates the views of these documents.
 * Thread-safe.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. Any other policy of an instance
 * replaces the policy of its project. Ceilings are different: the ceilings of the project and of the instance apply
 * together. A view therefore shows the document of its owner, and beside it the ceilings in force, each with the owner
 * who has set it.
 */
final class CeilingViews implements PolicyDocuments<CeilingsView> {

    /** The document of an owner that has set no ceiling. */
    private static final CeilingsDocument EMPTY = new CeilingsDocument(
            /* maxProfile= */ null,
            /* maxShare= */ null,
            /* maxRate= */ null,
            /* namesStay= */ null,
            /* maxLatencyMs= */ null,
            /* maxReplicaLagBytes= */ null,
            /* maxEvictions= */ null,
            /* assist= */ null,
            /* tags= */ null);

    private final StoredCeilings storedCeilings;
    private final PolicyStore policies;
    /** Whether projects own the documents; otherwise instances do. */
    private final boolean ofProjects;

    /**
     * Creates the views for one kind of owner.
     *
     * @param ofProjects whether projects own the documents, which may then set ceilings of tags; false for instances
     */
    CeilingViews(StoredCeilings storedCeilings, PolicyStore policies, boolean ofProjects) {
        this.storedCeilings = storedCeilings;
        this.policies = policies;
        this.ofProjects = ofProjects;
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.CEILINGS;
    }

    @Override
    public String normalize(@Nullable JsonNode document) {
        return storedCeilings.normalize(document, ofProjects);
    }

    /**
     * Returns the view of the document that the owner has set itself. The parameter {@code appliedPolicy} has no
     * effect, because ceilings apply together, as the class explains.
     */
    @Override
    public CeilingsView view(PolicyOwner owner, Optional<Policy> appliedPolicy, int version) {
        Optional<Policy> ownPolicy = policies.findOwn(PolicyKind.CEILINGS, owner);
        Ceilings ceilings = owner.instanceId() == null
                ? storedCeilings.ofProject(owner.projectId())
                : storedCeilings.find(owner.instanceId());
        return new CeilingsView(
                ownPolicy
                        .map(policy -> storedCeilings.read(policy, ofProjects).document())
                        .orElse(EMPTY),
                ceilings.inForce().stream()
                        .map(ceiling -> new CeilingInForce(
                                ceiling.field(), ceiling.text(), ceiling.owner().text()))
                        .toList(),
                ownPolicy.map(Policy::setBy).orElse(null),
                ownPolicy.map(Policy::setAt).orElse(null),
                version);
    }
}
