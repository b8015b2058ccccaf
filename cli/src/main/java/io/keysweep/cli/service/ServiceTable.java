package io.keysweep.cli.service;

import io.keysweep.api.HoldView;
import io.keysweep.api.WorkerView;
import io.keysweep.cli.output.Table;
import java.util.List;

/**
 * Describes the tables of a service's holds and of its processes. A project hold holds all scans of a project, and the
 * global hold all scans of the service.
 */
final class ServiceTable {

    static final Table<HoldView> HOLDS = Table.<HoldView>of(
                    "Nothing is held.", /* name= */ ServiceTable::scopeId, /* id= */ ServiceTable::scopeId)
            .column("SCOPE", ServiceTable::scope)
            .column("BY", HoldView::by)
            .column("WHY", HoldView::why)
            .column("SINCE", HoldView::since);

    static final Table<WorkerView> WORKERS = Table.of(
                    "No process of the service has been seen lately.",
                    /* name= */ WorkerView::id,
                    /* id= */ WorkerView::id)
            .column("HOST", WorkerView::host)
            .column("PID", worker -> String.valueOf(worker.pid()))
            .column("ROLES", WorkerView::roles)
            .column("STATUS", WorkerView::status)
            .column("SWEEPS", worker -> (long) worker.sweeps().size())
            .column("STARTED", WorkerView::startedAt)
            .column("HEARTBEAT", WorkerView::heartbeatAt)
            .column("VERSION", WorkerView::version)
            .wide("SWEEPING", ServiceTable::sweeping)
            .wide("ID", WorkerView::id);

    private ServiceTable() {}

    /** Returns the scope of a hold: {@code everything} or {@code project ID}. */
    static String scope(HoldView hold) {
        return hold.projectId() == null ? "everything" : "project " + hold.projectId();
    }

    private static String scopeId(HoldView hold) {
        String projectId = hold.projectId();
        return projectId == null ? "everything" : projectId;
    }

    /** Returns which primaries a process sweeps, and for which scans. */
    private static List<String> sweeping(WorkerView worker) {
        return worker.sweeps().stream()
                .map(sweep -> sweep.nodeId() + " of scan " + sweep.scanId())
                .toList();
    }
}
