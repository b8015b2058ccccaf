package io.keysweep.server.console.policy;

import io.keysweep.api.BudgetView;
import io.keysweep.api.StartPolicyView;
import io.keysweep.api.WindowsView;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.policy.PolicyEndpoint;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and saves the policies of projects and instances for forms: windows, start policies and budgets.
 *
 * <p>Windows are the times when sweeps may run. A start policy decides what starts a scan. A budget limits how many
 * sweeps run at the same time. The rules, the permissions and the versions are the same as in the native API.
 * Thread-safe.
 */
@Component
final class PolicyForms {

    /** Name of the button that removes a policy. */
    static final String REMOVE = "remove";

    private final PolicyEndpoint<WindowsView> projectWindows;
    private final PolicyEndpoint<WindowsView> instanceWindows;
    private final PolicyEndpoint<StartPolicyView> projectStartPolicy;
    private final PolicyEndpoint<StartPolicyView> instanceStartPolicy;
    private final PolicyEndpoint<BudgetView> projectBudget;
    private final PolicyStore policies;

    PolicyForms(
            @Qualifier("projectWindows") PolicyEndpoint<WindowsView> projectWindows,
            @Qualifier("instanceWindows") PolicyEndpoint<WindowsView> instanceWindows,
            @Qualifier("projectStartPolicy") PolicyEndpoint<StartPolicyView> projectStartPolicy,
            @Qualifier("instanceStartPolicy") PolicyEndpoint<StartPolicyView> instanceStartPolicy,
            @Qualifier("projectBudget") PolicyEndpoint<BudgetView> projectBudget,
            PolicyStore policies) {
        this.projectWindows = projectWindows;
        this.instanceWindows = instanceWindows;
        this.projectStartPolicy = projectStartPolicy;
        this.instanceStartPolicy = instanceStartPolicy;
        this.projectBudget = projectBudget;
        this.policies = policies;
    }

    PolicyEndpoint<WindowsView> windows(boolean ofInstance) {
        return ofInstance ? instanceWindows : projectWindows;
    }

    PolicyEndpoint<StartPolicyView> startPolicy(boolean ofInstance) {
        return ofInstance ? instanceStartPolicy : projectStartPolicy;
    }

    PolicyEndpoint<BudgetView> budget() {
        return projectBudget;
    }

    /**
     * Returns the policy that an owner has set itself, or the defaults.
     *
     * @throws RequestRefusedException if the caller is not allowed to read it
     */
    <V> V ownDocument(PolicyEndpoint<V> endpoint, Caller caller, String id) {
        PolicyOwner owner = endpoint.ownerAccess().ownerToRead(caller, id);
        PolicyKind kind = endpoint.documentRules().kind();
        int version = policies.version(kind, owner);
        return endpoint.documentRules().view(owner, policies.findOwn(kind, owner), version);
    }

    /**
     * Saves the document of a form, or removes the policy if its button {@code remove} was pressed.
     *
     * @param form the submitted form, with the version of the policy that the page has shown
     * @throws RequestRefusedException if the caller is not allowed to change the policy, if the document breaks a rule,
     *     or if another caller has changed the policy since the form was shown
     */
    void save(PolicyEndpoint<?> endpoint, Caller caller, String id, ObjectNode document, Map<String, String> form) {
        PolicyOwner owner = endpoint.ownerAccess().ownerToChange(caller, id);
        PolicyKind kind = endpoint.documentRules().kind();
        int version = FormFields.version(form);
        if (form.containsKey(REMOVE)) {
            policies.remove(kind, owner, version);
        } else {
            policies.set(kind, owner, endpoint.documentRules().normalize(document), caller.accessKey(), version);
        }
    }
}
