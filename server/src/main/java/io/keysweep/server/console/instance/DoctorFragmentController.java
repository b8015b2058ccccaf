package io.keysweep.server.console.instance;

import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.RefusalText;
import io.keysweep.server.estimate.AdviceViews;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * Examines the servers of an instance, and shows in the instance page what prevents a sweep or makes it more expensive.
 *
 * <p>The response is a fragment, a part of a page. The findings and the advice are the same as in {@code keysweep doctor}.
 */
@Controller
final class DoctorFragmentController {

    private static final String VIEW = "console/doctor :: findings";

    private final PolicyAccess access;
    private final Doctor doctor;

    DoctorFragmentController(PolicyAccess access, Doctor doctor) {
        this.access = access;
        this.doctor = doctor;
    }

    /**
     * Examines the servers on the thread of the request, which takes seconds if some servers do not answer. Changes no
     * live key and no setting.
     */
    @PostMapping(ConsolePath.ROOT + "/instances/{id}/doctor")
    String examine(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.ANALYZE_EXPIRED_KEY);
        String view = FormError.orPage(
                "doctor",
                () -> {
                    Examination examination = doctor.examine(instance.deployment(), /* purging= */ false);
                    show(examination, model);
                    model.addAttribute(
                            "refusals",
                            examination.refusals().stream()
                                    .map(RefusalText::message)
                                    .toList());
                    return VIEW;
                },
                model,
                response,
                () -> VIEW);
        // htmx replaces the fragment only if the status is 2xx; with another status the reason would not be shown.
        response.setStatus(HttpStatus.OK.value());
        return view;
    }

    /** Shows the diagnosis of one server, or the findings on several primaries together. */
    private static void show(Examination examination, Model model) {
        List<Diagnosis> diagnoses = examination.diagnoses();
        boolean several = diagnoses.size() > 1;
        model.addAttribute("cluster", several ? ClusterFindings.of(examination) : null);
        model.addAttribute("diagnoses", several ? List.of() : diagnoses);
        model.addAttribute("advice", AdviceViews.view(examination.advice()));
    }
}
