package io.keysweep.server.console;

import io.keysweep.api.WorkerView;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.worker.Workers;
import java.util.List;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Serves the page that shows the processes of the service and the sweeps that each process runs.
 *
 * <p>A sweep is the part of a scan that visits one primary. The page contains names of instances only if they belong to
 * the project of the caller.
 */
@Controller
@RequestMapping(ConsolePath.ROOT + "/workers")
final class WorkersPageController {

    private final Workers workers;
    private final InstanceStore instances;

    WorkersPageController(Workers workers, InstanceStore instances) {
        this.workers = workers;
        this.instances = instances;
    }

    @GetMapping
    String page(@AuthenticationPrincipal Caller caller, Model model) {
        live(caller, model);
        return "console/workers";
    }

    /** Returns the fragment with the processes, which the page requests every second. */
    @GetMapping("/live")
    String live(@AuthenticationPrincipal Caller caller, Model model) {
        List<WorkerView> views = workers.list(caller);
        model.addAttribute("workers", views);
        model.addAttribute(
                "names",
                instances.names(
                        caller.projectId(),
                        views.stream()
                                .flatMap(worker -> worker.sweeps().stream())
                                .map(sweep -> UUID.fromString(sweep.instanceId()))
                                .distinct()
                                .toList()));
        return "console/workers :: live";
    }
}
