package io.keysweep.server.worker;

import io.keysweep.api.WorkerView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/workers}: the service's processes and what they run, of whatever project; for who operates it. */
@RestController
final class WorkerController {

    private final WorkerStore workers;
    private final InstantSource clock;

    WorkerController(WorkerStore workers, InstantSource clock) {
        this.workers = workers;
        this.clock = clock;
    }

    @GetMapping("/api/v1/workers")
    List<WorkerView> list(@AuthenticationPrincipal Caller caller) {
        caller.require(Action.LIST_WORKERS);
        Instant now = clock.instant();
        return workers.list().stream().map(worker -> view(worker, now)).toList();
    }

    private static WorkerView view(Worker worker, Instant now) {
        return new WorkerView(
                worker.identity().id(),
                worker.identity().host(),
                worker.identity().pid(),
                List.of(worker.roles().split(",")),
                worker.identity().version(),
                worker.startedAt(),
                worker.heartbeatAt(),
                worker.aliveAt(now) ? "alive" : "missed",
                worker.sweeps().stream()
                        .map(sweep -> new WorkerView.Running(
                                sweep.scanId().toString(),
                                sweep.instanceId().toString(),
                                sweep.nodeId(),
                                sweep.since()))
                        .toList());
    }
}
