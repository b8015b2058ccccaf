package io.keysweep.server.console.instance;

import io.keysweep.api.StartView;
import io.keysweep.server.autoscan.StartViews;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Serves the page with all automatic starts of an instance and their reasons, the latest first. */
@Controller
final class StartsPageController {

    private static final int STARTS_PER_PAGE = 50;

    /** Checks that the caller may act on the instance in the path. Despite its name, it is not only for policies. */
    private final PolicyAccess access;

    private final StartViews starts;

    StartsPageController(PolicyAccess access, StartViews starts) {
        this.access = access;
        this.starts = starts;
    }

    /**
     * Shows a page of the starts.
     *
     * @param page number of the page, from 1; any other text is treated as 1
     */
    @GetMapping(ConsolePath.ROOT + "/instances/{id}/starts")
    String page(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        Instance instance = access.instance(caller, id, Action.LIST_SCANS);
        int number = page.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(page) : 1;
        List<StartView> startViews = starts.starts(instance.id(), (number - 1) * STARTS_PER_PAGE, STARTS_PER_PAGE + 1);
        model.addAttribute("instance", instance);
        model.addAttribute("page", number);
        model.addAttribute("hasMore", startViews.size() > STARTS_PER_PAGE);
        model.addAttribute("starts", startViews.subList(0, Math.min(startViews.size(), STARTS_PER_PAGE)));
        return "console/starts";
    }
}
