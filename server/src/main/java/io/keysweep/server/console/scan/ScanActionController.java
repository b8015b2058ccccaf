package io.keysweep.server.console.scan;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.Interventions;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.scan.ScanAccess;
import io.keysweep.server.scan.ScanControls;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Handles the forms of the scan page: pause, resume and cancel the scan, and tune it (change how fast it goes).
 *
 * <p>After success the browser returns to the page. A refused form is shown again with the error. The caller needs the
 * permission to control scans.
 */
@Controller
@RequestMapping(ConsolePath.ROOT + "/scans/{id}")
final class ScanActionController {

    private final ScanPageController page;
    private final ScanAccess access;
    private final ScanControls controls;
    private final Interventions interventions;

    ScanActionController(
            ScanPageController page, ScanAccess access, ScanControls controls, Interventions interventions) {
        this.page = page;
        this.access = access;
        this.controls = controls;
        this.interventions = interventions;
    }

    @PostMapping("/pause")
    String pause(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return intervene("pause", controls::pause, caller, id, form, response, model);
    }

    @PostMapping("/resume")
    String resume(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return intervene("resume", controls::resume, caller, id, form, response, model);
    }

    @PostMapping("/cancel")
    String cancel(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return intervene("cancel", controls::cancel, caller, id, form, response, model);
    }

    /** Changes the pace of the scan. An empty field keeps the current value; a form without any value is refused. */
    @PostMapping("/tune")
    String tune(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return intervene(
                "tune",
                (scanId, intervention) -> {
                    PaceChange change = readPace(form);
                    if (change.changesNothing()) {
                        throw RequestRefusedException.of(
                                ErrorCode.INVALID_PARAMETER,
                                /* subject= */ "",
                                "Fill in at least one field of the pace.");
                    }
                    controls.tune(scanId, change, /* expected= */ null, intervention);
                },
                caller,
                id,
                form,
                response,
                model);
    }

    /** Reads the pace in a form; refuses the form with the problems of all fields that break a rule. */
    private static PaceChange readPace(Map<String, String> form) {
        DocumentReader fields = DocumentReader.of(FormFields.of(form, PaceChange.FIELDS), PaceChange.FIELDS);
        // Reading a field records its problems, so all fields are read before requireValid checks for problems.
        PaceChange change = PaceChange.of(fields);
        return fields.requireValid(() -> change);
    }

    /**
     * Carries out an action on a scan in the name of the caller.
     *
     * @param form name of the form, under which an error is shown
     * @param action does the work; receives the id of the scan, and who requests the action and why
     * @param id id of the scan as text
     * @param fields fields of the form; {@code reason} says why the caller requests the action
     * @return the redirect to the page of the scan, or the page with the error
     * @throws RequestRefusedException if the caller lacks the permission, or if the project has no such scan
     */
    private String intervene(
            String form,
            BiConsumer<UUID, Intervention> action,
            Caller caller,
            String id,
            Map<String, String> fields,
            HttpServletResponse response,
            Model model) {
        UUID scanId = access.scan(caller, id, Action.CONTROL_SCANS).id();
        return FormError.orPage(
                form,
                () -> {
                    action.accept(scanId, interventions.of(caller, FormFields.of(fields, Interventions.FIELDS)));
                    return "redirect:" + ConsolePath.ROOT + "/scans/" + scanId;
                },
                model,
                response,
                () -> {
                    model.addAttribute("form", fields);
                    model.addAttribute("givenReason", fields.get("reason"));
                    return page.page(caller, id, /* nodes= */ "1", model);
                });
    }
}
