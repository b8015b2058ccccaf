package io.keysweep.server.console.instance;

import io.keysweep.server.autoscan.AutoScanWording;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.DurationFields;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.console.page.TagsForm;
import io.keysweep.server.console.policy.CeilingsForm;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceChanges;
import io.keysweep.server.instance.Instances;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanRequest;
import io.keysweep.server.scan.ScanRequestResult;
import io.keysweep.server.scan.ScanSubmission;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Handles the forms of the instance page: start a scan, refresh, change the automatic scan, the tags or the ceilings,
 * and remove the instance.
 *
 * <p>Ceilings limit the pace of scans. After success the browser is redirected to a page. A refused form is shown again
 * with the error. An instance of another project is refused like an instance that does not exist.
 */
@Controller
@RequestMapping(InstanceActionController.PATH + "/{id}")
final class InstanceActionController {

    static final String PATH = ConsolePath.ROOT + "/instances";

    private final InstancePageController page;
    private final PolicyAccess access;
    private final Instances instances;
    private final InstanceChanges changes;
    private final ScanSubmission scans;
    private final Schedules schedules;
    private final CeilingsForm ceilings;

    InstanceActionController(
            InstancePageController page,
            PolicyAccess access,
            Instances instances,
            InstanceChanges changes,
            ScanSubmission scans,
            Schedules schedules,
            CeilingsForm ceilings) {
        this.page = page;
        this.access = access;
        this.instances = instances;
        this.changes = changes;
        this.scans = scans;
        this.schedules = schedules;
        this.ceilings = ceilings;
    }

    /**
     * Starts a scan, and leads to its page. If the scan is refused, shows the instance page again, with the error and
     * the values of the form.
     */
    @PostMapping("/scan")
    String scan(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.ANALYZE_EXPIRED_KEY);
        Map<String, String> fields = new HashMap<>(form);
        fields.put("instanceId", instance.id().toString());
        fields.computeIfPresent("timeoutSeconds", DurationFields::number);
        return FormError.orPage(
                "scan",
                () -> {
                    ScanRequestResult result =
                            scans.submit(caller, FormFields.of(fields, ScanRequest.FIELDS), /* key= */ null);
                    if (!Permissions.on(caller, instance).listScans()) {
                        // A caller who may start scans, but is not allowed to see them, returns to the page of the
                        // instance.
                        return "redirect:" + PATH + "/" + instance.id();
                    }
                    return "redirect:"
                            + switch (result) {
                                case ScanRequestResult.Created(Scan scan) -> ConsolePath.ROOT + "/scans/" + scan.id();
                                case ScanRequestResult.AwaitsApproval waits -> ConsolePath.ROOT + "/approvals";
                            };
                },
                model,
                response,
                () -> {
                    model.addAttribute("form", form);
                    return page.page(caller, id, model);
                });
    }

    @PostMapping("/automatic")
    String changeAutomaticScan(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.UPDATE_AUTOSCAN);
        return FormError.orPage(
                "automatic",
                () -> {
                    // The button below the advice sends no version.
                    Integer version = form.containsKey("version") ? (Integer) FormFields.version(form) : null;
                    // The form has the units and limits of the DCS API, so refusals use the words of that API.
                    schedules.change(instance, AutoScanForm.change(form), AutoScanWording.DCS, version);
                    return "redirect:" + PATH + "/" + instance.id();
                },
                model,
                response,
                () -> {
                    String view = page.page(caller, id, model);
                    // The page has just set the stored values, so the values of the form replace them now.
                    model.addAttribute("automaticForm", form);
                    return view;
                });
    }

    /** Sets and removes tags, with the same rules as the API. */
    @PostMapping("/tags")
    String changeTags(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.MANAGE_INSTANCES);
        return FormError.orPage(
                TagsForm.FIELD,
                () -> {
                    changes.change(caller, instance, TagsForm.change(form), /* expected= */ null);
                    return "redirect:" + PATH + "/" + instance.id();
                },
                model,
                response,
                () -> {
                    model.addAttribute("submittedTags", form.get(TagsForm.FIELD));
                    model.addAttribute("shownTags", form.get(TagsForm.SHOWN));
                    return page.page(caller, id, model);
                });
    }

    @PostMapping("/ceilings")
    String changeCeilings(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "ceilings",
                () -> {
                    ceilings.save(caller, id, /* ofInstance= */ true, form);
                    return "redirect:" + PATH + "/" + id;
                },
                model,
                response,
                () -> {
                    CeilingsForm.keepFields(form, model);
                    return page.page(caller, id, model);
                });
    }

    /** Inspects the server now. If it cannot be swept, the instance page shows the problem. */
    @PostMapping("/refresh")
    String refresh(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Instance instance = access.instance(caller, id, Action.GET_INSTANCE);
        instances.refresh(instance);
        return "redirect:" + PATH + "/" + instance.id();
    }

    /** Forgets settings that assist has left raised, because the user has restored them or the server is gone. */
    @PostMapping("/forget-raised")
    String forgetRaisedSettings(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Instance instance = access.instance(caller, id, Action.MANAGE_INSTANCES);
        changes.forgetRaisedSettings(instance);
        return "redirect:" + PATH + "/" + instance.id();
    }

    @PostMapping("/remove")
    String remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "false") String force,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.MANAGE_INSTANCES);
        return FormError.orPage(
                "remove",
                () -> {
                    changes.remove(instance, QueryParameters.flag("force", force));
                    return "redirect:" + ConsolePath.ROOT;
                },
                model,
                response,
                () -> page.page(caller, id, model));
    }
}
