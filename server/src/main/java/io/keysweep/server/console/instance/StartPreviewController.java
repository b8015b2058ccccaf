package io.keysweep.server.console.instance;

import io.keysweep.server.autoscan.AutoScanWording;
import io.keysweep.server.autoscan.NextStarts;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Shows which starts the values in the form of an automatic scan would cause, before the form is saved. */
@Controller
final class StartPreviewController {

    private static final String VIEW = "console/settings :: preview";

    private final PolicyAccess access;
    private final NextStarts nextStarts;

    StartPreviewController(PolicyAccess access, NextStarts nextStarts) {
        this.access = access;
        this.nextStarts = nextStarts;
    }

    /**
     * Returns the fragment with the next starts, or with the reason why the form would be refused.
     *
     * @param form the fields of the form of the automatic scan, see {@link AutoScanForm}
     */
    @GetMapping(ConsolePath.ROOT + "/instances/{id}/automatic/preview")
    String preview(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.UPDATE_AUTOSCAN);
        String view = FormError.orPage(
                "automatic",
                () -> {
                    model.addAttribute(
                            "previewStarts",
                            nextStarts.preview(
                                    instance.id(),
                                    AutoScanForm.change(form),
                                    AutoScanWording.DCS,
                                    InstancePageController.MAX_NEXT_STARTS));
                    return VIEW;
                },
                model,
                response,
                () -> VIEW);
        // htmx replaces the fragment only if the status is 2xx; with another status the reason would not be shown.
        response.setStatus(HttpStatus.OK.value());
        return view;
    }
}
