package io.keysweep.server.worker;

import io.keysweep.api.WorkerView;
import io.keysweep.server.iam.Caller;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@code GET /api/v1/workers}, which lists the processes of the service and the sweeps that they run. */
@RestController
final class WorkerController {

    private final Workers workers;

    WorkerController(Workers workers) {
        this.workers = workers;
    }

    @GetMapping("/api/v1/workers")
    List<WorkerView> list(@AuthenticationPrincipal Caller caller) {
        return workers.list(caller);
    }
}
