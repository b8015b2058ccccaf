package io.keysweep.server.worker;

import io.keysweep.api.WorkerView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.stereotype.Service;

/**
 * Lists the processes of the service for operators, with the sweeps of all projects that each process runs. A sweep is
 * the part of a scan that visits one primary. Thread-safe.
 */
@Service
public class Workers {

    private final WorkerStore store;
    private final InstantSource clock;

    Workers(WorkerStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Returns all processes, the oldest first. A process writes a heartbeat (the current time) at regular intervals. A
     * process is {@code alive} if its last heartbeat is recent, otherwise {@code missed}. A missed process is listed
     * for an hour after its last heartbeat. A process that has stopped in an orderly way is not listed.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the caller is not allowed to list workers
     */
    public List<WorkerView> list(Caller caller) {
        caller.requireAction(Action.LIST_WORKERS);
        Instant now = clock.instant();
        return store.list().stream().map(worker -> toView(worker, now)).toList();
    }

    /** Converts a process to its view in the native API. */
    private static WorkerView toView(Worker worker, Instant now) {
        return new WorkerView(
                worker.identity().id(),
                worker.identity().host(),
                worker.identity().pid(),
                List.of(worker.roles().split(",")),
                worker.threads(),
                worker.identity().version(),
                worker.startedAt(),
                worker.heartbeatAt(),
                worker.isAliveAt(now) ? "alive" : "missed",
                worker.sweeps().stream()
                        .map(sweep -> new WorkerView.Running(
                                sweep.scanId().toString(),
                                sweep.instanceId().toString(),
                                sweep.nodeId(),
                                sweep.since()))
                        .toList());
    }
}
