package io.keysweep.server.console.instance;

import io.keysweep.api.InstanceView;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.autoscan.NextStarts;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.autoscan.StartViews;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.console.page.TagsForm;
import io.keysweep.server.console.policy.CeilingsForm;
import io.keysweep.server.console.policy.PolicyFormSaver;
import io.keysweep.server.console.scan.ScanList;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceViews;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.window.WindowViews;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the page of an instance: its scans, automatic scan, windows, start policy, ceilings, and its last estimate
 * of the expired keys with the advice.
 *
 * <p>Windows are the times when scans may run. The start policy says which events other than the schedule start a scan.
 * Ceilings limit the pace of scans. Parts that the caller is not allowed to see are left out. The page shows stored
 * values and connects to no server.
 */
@Controller
@RequestMapping(ConsolePath.ROOT + "/instances/{id}")
final class InstancePageController {

    // The numbers of the latest scans and starts that the page shows; the API lists all.
    private static final int MAX_SCANS = 10;
    private static final int MAX_STARTS = 5;

    /** Number of starts that the page shows in advance. */
    static final int MAX_NEXT_STARTS = 10;

    private final PolicyAccess access;
    private final ScanList rows;
    private final Schedules schedules;
    private final NextStarts nextStarts;
    private final WindowViews windows;
    private final StartViews starts;
    private final InsightPanel insight;
    private final CeilingsForm ceilings;
    private final InstanceViews views;
    private final InstantSource clock;

    InstancePageController(
            PolicyAccess access,
            ScanList rows,
            Schedules schedules,
            NextStarts nextStarts,
            WindowViews windows,
            StartViews starts,
            InsightPanel insight,
            CeilingsForm ceilings,
            InstanceViews views,
            InstantSource clock) {
        this.access = access;
        this.rows = rows;
        this.schedules = schedules;
        this.nextStarts = nextStarts;
        this.windows = windows;
        this.starts = starts;
        this.insight = insight;
        this.ceilings = ceilings;
        this.views = views;
        this.clock = clock;
    }

    /**
     * Shows the page.
     *
     * @param primaries number of the page of estimated primaries, from 1
     * @param raised number of the page of servers with raised settings, from 1
     */
    @GetMapping
    String page(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "1") String primaries,
            @RequestParam(defaultValue = "1") String raised,
            Model model) {
        String view = page(caller, id, model);
        insight.showPages(model, primaries, raised);
        return view;
    }

    /** Shows the page. {@link InstanceActionController} also calls this method, to show a refused form again. */
    String page(Caller caller, String id, Model model) {
        Instance instance = access.instance(caller, id, Action.GET_INSTANCE);
        Permissions permissions = Permissions.on(caller, instance);
        model.addAttribute("permissions", permissions);
        addScans(caller, permissions, instance, model);

        // A refused form has already put its values into the model, to show them again.
        if (!model.containsAttribute("form")) {
            model.addAttribute("form", Map.of());
        }

        AutoScanConfig config =
                permissions.seeAutomatic() ? schedules.find(instance).orElse(null) : null;
        model.addAttribute("tags", TagsForm.text(instance.tags()));
        model.addAttribute("automatic", config);
        model.addAttribute("automaticForm", AutoScanForm.of(config, clock.instant()));
        model.addAttribute(
                "nextStart",
                permissions.seeAutomatic()
                        ? nextStarts.of(List.of(instance.id())).get(instance.id())
                        : null);
        if (permissions.seeAutomatic()) {
            model.addAttribute("nextStarts", nextStarts.preview(instance.id(), MAX_NEXT_STARTS));
        }

        ceilings.show(PolicyOwner.instance(instance), model);
        PolicyFormSaver.show(windows.ofInstance(instance), starts.ofInstance(instance), model);
        InstanceView view = views.of(instance);
        if (!model.containsAttribute("settingsForm")) {
            model.addAttribute("settingsForm", SettingsForm.of(view));
        }

        model.addAttribute("charts", permissions.listScans());
        model.addAttribute(
                "starts",
                permissions.listScans() ? starts.starts(instance.id(), /* offset= */ 0, MAX_STARTS) : List.of());
        insight.showLast(caller, instance, model);
        return "console/instance";
    }

    /** Shows the page, on which the form that starts a scan is open already. The command palette leads here. */
    @GetMapping("/scan")
    String pageWithScanForm(@AuthenticationPrincipal Caller caller, @PathVariable String id, Model model) {
        model.addAttribute("scanFormOpen", true);
        return page(caller, id, model);
    }

    /** Returns the fragment with the latest scans, which the page requests every 2 seconds. */
    @GetMapping("/scans")
    String scans(@AuthenticationPrincipal Caller caller, @PathVariable String id, Model model) {
        Instance instance = access.instance(caller, id, Action.GET_INSTANCE);
        addScans(caller, Permissions.on(caller, instance), instance, model);
        return "console/instance :: scans";
    }

    private void addScans(Caller caller, Permissions permissions, Instance instance, Model model) {
        model.addAttribute("instance", instance);
        model.addAttribute(
                "scans", permissions.listScans() ? rows.recent(caller, instance.id(), MAX_SCANS) : List.of());
    }
}
