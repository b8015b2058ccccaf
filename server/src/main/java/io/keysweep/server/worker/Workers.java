package io.keysweep.server.worker;

import io.keysweep.api.WorkerView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Service;

/** The service's processes and what they run, of whatever project, for who operates it. Safe to share. */
@Service
public class Workers {

    private final WorkerStore store;
    private final InstantSource clock;

    Workers(WorkerStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** All processes, the oldest first, those that were missed within the last hour included. */
    public List<WorkerView> list(Caller caller) {
        caller.require(Action.LIST_WORKERS);
        Instant now = clock.instant();
        return store.list().stream().map(worker -> view(worker, now)).toList();
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
