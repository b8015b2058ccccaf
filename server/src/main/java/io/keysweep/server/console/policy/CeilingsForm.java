package io.keysweep.server.console.policy;

import io.keysweep.api.CeilingsDocument;
import io.keysweep.api.CeilingsView;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.console.page.ListPage;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.policy.PolicyEndpoint;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows the ceilings of a project or an instance in a form, and saves the form.
 *
 * <p>Ceilings limit how fast scans may go. The form obeys the same rules as the native API. Thread-safe.
 */
@Component
public final class CeilingsForm {

    private static final String FIELDS = "ceilingFields";
    private static final String TAGS = "ceilingTags";

    /** Number of tags on a page. Each of them has eleven fields. */
    private static final int TAGS_PER_PAGE = 10;

    private final PolicyEndpoint<CeilingsView> project;
    private final PolicyEndpoint<CeilingsView> instance;
    private final PolicyStore policies;

    CeilingsForm(
            @Qualifier("projectCeilings") PolicyEndpoint<CeilingsView> project,
            @Qualifier("instanceCeilings") PolicyEndpoint<CeilingsView> instance,
            PolicyStore policies) {
        this.project = project;
        this.instance = instance;
        this.policies = policies;
    }

    /** Adds the ceilings to the model, with the fields of the form unless a refused form has set them already. */
    public void show(PolicyOwner owner, Model model) {
        show(owner, /* page= */ "1", model);
    }

    /**
     * Adds the ceilings to the model like {@link #show(PolicyOwner, Model)}, with the tags of one page.
     *
     * @param page number of the page, from 1
     */
    void show(PolicyOwner owner, String page, Model model) {
        int version = policies.version(PolicyKind.CEILINGS, owner);
        CeilingsView view = endpoint(owner).documentRules().view(owner, Optional.empty(), version);
        model.addAttribute("ceilings", view);
        model.addAttribute("ceilingsOfProject", owner.instanceId() == null);
        ListPage<CeilingsDocument.TagCeilings> tags =
                ListPage.of(CeilingFields.tagsOf(view.document()), page, TAGS_PER_PAGE);
        model.addAttribute("tagPage", tags);
        if (!model.containsAttribute(FIELDS)) {
            model.addAttribute(FIELDS, CeilingFields.of(view.document()));
            model.addAttribute(TAGS, CeilingFields.withEmptyTags(CeilingFields.tags(tags.items())));
        }
    }

    /** Adds the fields of a refused form to the model, which {@link #show} then keeps. */
    public static void keepFields(Map<String, String> form, Model model) {
        model.addAttribute(FIELDS, form);
        model.addAttribute(TAGS, CeilingFields.tags(form));
    }

    /**
     * Saves a form; an empty form removes the ceilings. The form has the tags of one page. The tags of other pages keep
     * their ceilings.
     *
     * @param id id of the project or the instance
     * @param ofInstance whether it is the id of an instance
     * @throws RequestRefusedException if the caller is not allowed to change the ceilings, if a field breaks a rule, or
     *     if another caller has changed the ceilings since the form was shown
     */
    public void save(Caller caller, String id, boolean ofInstance, Map<String, String> form) {
        PolicyEndpoint<CeilingsView> endpoint = ofInstance ? instance : project;
        PolicyOwner owner = endpoint.ownerAccess().ownerToChange(caller, id);
        int version = FormFields.version(form);
        // If the tags have changed since the form was shown, its version is old. The form is then refused below.
        List<Map<String, String>> storedTags = CeilingFields.tags(CeilingFields.tagsOf(
                endpoint.documentRules().view(owner, Optional.empty(), version).document()));
        ListPage<Map<String, String>> shownPage = ListPage.of(storedTags, page(form), TAGS_PER_PAGE);
        ObjectNode document = CeilingFields.document(
                form,
                storedTags.subList(0, shownPage.first()),
                storedTags.subList(shownPage.first() + shownPage.items().size(), storedTags.size()));
        if (document.isEmpty()) {
            policies.remove(PolicyKind.CEILINGS, owner, version);
        } else {
            policies.set(
                    PolicyKind.CEILINGS,
                    owner,
                    endpoint.documentRules().normalize(document),
                    caller.accessKey(),
                    version);
        }
    }

    /** Returns the number of the page of tags that a form shows, as text. */
    static String page(Map<String, String> form) {
        return form.getOrDefault("page", "1");
    }

    private PolicyEndpoint<CeilingsView> endpoint(PolicyOwner owner) {
        return owner.instanceId() == null ? project : instance;
    }
}
