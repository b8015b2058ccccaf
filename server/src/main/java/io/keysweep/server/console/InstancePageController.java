package io.keysweep.server.console;

import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.autoscan.NextStarts;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.autoscan.StartViews;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.estimate.Estimates;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.window.WindowViews;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** One instance: what it is, its scans, what starts them, and when they may run. */
@Controller
@RequestMapping(ConsolePath.ROOT + "/instances/{id}")
final class InstancePageController {

    private static final int SCANS = 10;
    private static final int STARTS = 5;

    private final PolicyAccess access;
    private final TableRows rows;
    private final Schedules schedules;
    private final NextStarts nextStarts;
    private final WindowViews windows;
    private final StartViews starts;
    private final Estimates estimates;

    InstancePageController(
            PolicyAccess access,
            TableRows rows,
            Schedules schedules,
            NextStarts nextStarts,
            WindowViews windows,
            StartViews starts,
            Estimates estimates) {
        this.access = access;
        this.rows = rows;
        this.schedules = schedules;
        this.nextStarts = nextStarts;
        this.windows = windows;
        this.starts = starts;
        this.estimates = estimates;
    }

    @GetMapping
    String page(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("may") Permissions may,
            @PathVariable String id,
            Model model) {
        Instance instance = access.instance(caller, id, Action.GET_INSTANCE);
        scans(caller, may, instance, model);
        if (!model.containsAttribute("form")) {
            model.addAttribute("form", Map.of());
        }
        AutoScanConfig config = may.seeAutomatic() ? schedules.find(instance).orElse(null) : null;
        model.addAttribute("automatic", config);
        model.addAttribute("automaticForm", AutoScanForm.of(config));
        model.addAttribute(
                "next",
                may.seeAutomatic() ? nextStarts.of(List.of(instance.id())).get(instance.id()) : null);
        model.addAttribute("windows", windows.ofInstance(instance));
        model.addAttribute("startPolicy", starts.ofInstance(instance));
        model.addAttribute("starts", may.listScans() ? starts.starts(instance.id(), 0, STARTS) : List.of());
        model.addAttribute("estimate", estimates.last(instance).orElse(null));
        return "console/instance";
    }

    /** Its latest scans, which ask for themselves anew. */
    @GetMapping("/scans")
    String scans(
            @AuthenticationPrincipal Caller caller,
            @ModelAttribute("may") Permissions may,
            @PathVariable String id,
            Model model) {
        scans(caller, may, access.instance(caller, id, Action.GET_INSTANCE), model);
        return "console/instance :: scans";
    }

    private void scans(Caller caller, Permissions may, Instance instance, Model model) {
        model.addAttribute("instance", instance);
        model.addAttribute(
                "scans", may.listScans() ? rows.recent(caller.projectId(), instance.id(), SCANS) : List.of());
    }
}
