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
 * Checks the documents of ceilings and shows them, for projects or for instances. Thread-safe.
 *
 * <p>Unlike other policies, a document shows what its owner has set itself: the ceilings of a project hold beside it.
 */
final class CeilingViews implements PolicyDocuments<CeilingsView> {

    private static final CeilingsDocument EMPTY =
            new CeilingsDocument(null, null, null, null, null, null, null, null, null);

    private final StoredCeilings stored;
    private final PolicyStore policies;
    private final boolean ofProjects;

    /** Creates the views of projects, whose documents may have ceilings of tags, or of instances. */
    CeilingViews(StoredCeilings stored, PolicyStore policies, boolean ofProjects) {
        this.stored = stored;
        this.policies = policies;
        this.ofProjects = ofProjects;
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.CEILINGS;
    }

    @Override
    public String normalize(@Nullable JsonNode document) {
        return stored.normalize(document, ofProjects);
    }

    /** Shows the document that the owner has set itself, whatever policy the caller has found to apply. */
    @Override
    public CeilingsView view(PolicyOwner owner, Optional<Policy> applies, int version) {
        Optional<Policy> own = policies.findOwn(PolicyKind.CEILINGS, owner);
        Ceilings ceilings =
                owner.instanceId() == null ? stored.ofProject(owner.projectId()) : stored.find(owner.instanceId());
        return new CeilingsView(
                own.map(policy -> stored.read(policy, ofProjects).document()).orElse(EMPTY),
                ceilings.inForce().stream()
                        .map(each -> new CeilingInForce(
                                each.field(), each.text(), each.owner().text()))
                        .toList(),
                own.map(Policy::setBy).orElse(null),
                own.map(Policy::setAt).orElse(null),
                version);
    }
}
