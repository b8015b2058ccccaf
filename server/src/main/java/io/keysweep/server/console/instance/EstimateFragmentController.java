package io.keysweep.server.console.instance;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.DurationFields;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.estimate.Estimates;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes an estimate of the expired keys of an instance and shows it in the instance page without a reload.
 *
 * <p>The response is a fragment, a part of a page. The script htmx in the browser replaces the fragment of the page.
 */
@Controller
final class EstimateFragmentController {

    private static final String VIEW = "console/insight :: answer";

    private static final List<String> CHECK_BOXES = List.of("exact", "samplePrimary", "prefixes");

    private static final List<String> DURATIONS = List.of("forecastMinutes", "stepMinutes");

    private final PolicyAccess access;
    private final Estimates estimates;
    private final InsightPanel insight;

    EstimateFragmentController(PolicyAccess access, Estimates estimates, InsightPanel insight) {
        this.access = access;
        this.estimates = estimates;
        this.insight = insight;
    }

    /**
     * Makes the estimate on the thread of the request, which can take tens of seconds, and far longer if all keys are
     * counted. Returns the fragment with the new estimate, or with the last estimate and the reason if the request is
     * refused. Only this response shows the keys by prefix, because the service does not store prefixes.
     *
     * @param form the fields of the form. {@code exact} counts all keys. {@code samplePrimary} allows a sample of the
     *     primary. {@code prefixes} divides the keys by the beginnings of their names, as {@code separator}, {@code
     *     depth} and {@code top} say. {@code forecastMinutes} and {@code stepMinutes} contain durations as text
     */
    @PostMapping(ConsolePath.ROOT + "/instances/{id}/estimate")
    String makeEstimate(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.ANALYZE_EXPIRED_KEY);
        String view = FormError.orPage(
                "estimate",
                () -> {
                    insight.show(caller, instance, estimates.make(instance, body(form), caller.accessKey()), model);
                    return VIEW;
                },
                model,
                response,
                () -> {
                    model.addAttribute("estimateForm", form);
                    insight.showLast(caller, instance, model);
                    return VIEW;
                });
        // htmx replaces the fragment only if the status is 2xx; with another status the reason would not be shown.
        response.setStatus(HttpStatus.OK.value());
        return view;
    }

    /** Returns the document with which a client of the API would request the same estimate. */
    private static ObjectNode body(Map<String, String> form) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (form.containsKey("prefixes")) {
            body.setAll(FormFields.of(form, List.of("separator")));
            body.setAll(FormFields.numbers(form, List.of("depth", "top")));
        }
        for (String name : DURATIONS) {
            DurationFields.put(body, name, form.getOrDefault(name, ""));
        }
        for (String name : CHECK_BOXES) {
            // A browser sends a check box only if it is checked.
            if (form.containsKey(name)) {
                body.put(name, true);
            }
        }
        return body;
    }
}
