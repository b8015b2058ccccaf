package io.keysweep.server.console;

import io.keysweep.api.CeilingsView;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.policy.PolicyDocuments;
import io.keysweep.server.policy.PolicyEndpoint;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows the ceilings of a project or an instance, and saves the document that a form has as JSON.
 *
 * <p>Ceilings say how fast scans may be at most. The rules are those of the native API. Thread-safe.
 */
@Component
final class CeilingsForm {

    private static final String TEXT = "ceilingsText";

    private final PolicyEndpoint<CeilingsView> project;
    private final PolicyEndpoint<CeilingsView> instance;
    private final PolicyStore policies;
    private final JsonMapper json;

    CeilingsForm(
            @Qualifier("projectCeilings") PolicyEndpoint<CeilingsView> project,
            @Qualifier("instanceCeilings") PolicyEndpoint<CeilingsView> instance,
            PolicyStore policies,
            JsonMapper json) {
        this.project = project;
        this.instance = instance;
        this.policies = policies;
        this.json = json;
    }

    /** Adds the ceilings to the model, with the text of the form unless a refused form has set it already. */
    void show(PolicyOwner owner, Model model) {
        int version = policies.version(PolicyKind.CEILINGS, owner);
        CeilingsView view = endpoint(owner).documents().view(owner, Optional.empty(), version);
        model.addAttribute("ceilings", view);
        if (!model.containsAttribute(TEXT)) {
            model.addAttribute(TEXT, json.writerWithDefaultPrettyPrinter().writeValueAsString(view.document()));
        }
    }

    /** Adds the text of a refused form to the model, which {@link #show} then keeps. */
    static void keepText(Map<String, String> form, Model model) {
        // Browsers send line breaks as two characters, of which pages would show the first as an escape.
        model.addAttribute(TEXT, form.getOrDefault("document", "").replace("\r\n", "\n"));
    }

    /**
     * Saves the document of a form; an empty text removes the document.
     *
     * @param id project or instance in the path
     * @throws RequestRefusedException if the caller may not change the ceilings, if the text is no JSON or breaks a
     *     rule, or if somebody has changed the ceilings since the form was shown
     */
    void save(Caller caller, String id, boolean ofInstance, Map<String, String> form) {
        PolicyEndpoint<CeilingsView> endpoint = ofInstance ? instance : project;
        PolicyOwner owner = endpoint.owners().ownerToChange(caller, id);
        String text = form.getOrDefault("document", "").strip();
        Integer version = version(form);
        if (text.isEmpty()) {
            policies.remove(PolicyKind.CEILINGS, owner, version);
            return;
        }
        PolicyDocuments<CeilingsView> documents = endpoint.documents();
        policies.set(PolicyKind.CEILINGS, owner, documents.normalize(read(text)), caller.accessKey(), version);
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (JacksonException e) {
            throw RequestRefusedException.parameter("document", text, "a JSON object");
        }
    }

    private static Integer version(Map<String, String> form) {
        String version = form.getOrDefault("version", "");
        try {
            return Integer.valueOf(version);
        } catch (NumberFormatException e) {
            throw RequestRefusedException.parameter("version", version, "the version that the page has shown");
        }
    }

    private PolicyEndpoint<CeilingsView> endpoint(PolicyOwner owner) {
        return owner.instanceId() == null ? project : instance;
    }
}
