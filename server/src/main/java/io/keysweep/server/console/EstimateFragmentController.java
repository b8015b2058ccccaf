package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.estimate.Estimates;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Makes an estimate of the expired keys of an instance and shows it in the instance page without a reload.
 *
 * <p>The response is a fragment, a part of a page that htmx, a script in the browser, replaces.
 */
@Controller
final class EstimateFragmentController {

    private final PolicyAccess access;
    private final Estimates estimates;

    EstimateFragmentController(PolicyAccess access, Estimates estimates) {
        this.access = access;
        this.estimates = estimates;
    }

    /**
     * Estimates on the thread of the request, which can take tens of seconds, and far longer if all keys are counted.
     * Returns the fragment with the new estimate; after a refusal, with the reason and the last estimate.
     *
     * @param form has {@code exact} to count all keys, and {@code samplePrimary} to allow a sample of the primary
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
                    estimates.make(
                            instance, form.containsKey("exact"), form.containsKey("samplePrimary"), caller.accessKey());
                    return "console/instance :: estimate";
                },
                model,
                response,
                () -> "console/instance :: estimate");
        // htmx replaces the fragment only if the status is 2xx; with another status the reason would not be shown.
        response.setStatus(HttpStatus.OK.value());
        model.addAttribute("instance", instance);
        model.addAttribute("estimate", estimates.last(instance).orElse(null));
        return view;
    }
}
