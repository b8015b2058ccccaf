package io.keysweep.cli.service;

import io.keysweep.api.HoldView;
import io.keysweep.api.WorkerView;
import io.keysweep.cli.output.Table;
import java.util.List;
import java.util.Map;

/**
 * Describes the tables of a service's holds and of its processes. A project hold holds all scans of a project, and the
 * global hold all scans of the service.
 */
final class ServiceTable {

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

    /** Returns the table of holds, with the names of projects whose ids are in the map. */
    static Table<HoldView> holds(Map<String, String> projectNames) {
        return Table.<HoldView>of(
                        "Nothing is held.",
                        /* name= */ hold -> projectNames.getOrDefault(scopeId(hold), scopeId(hold)),
                        /* id= */ ServiceTable::scopeId)
                .column("SCOPE", hold -> scope(hold, projectNames))
                .column("BY", HoldView::by)
                .column("WHY", HoldView::why)
                .column("SINCE", HoldView::since)
                .wide("PROJECT ID", HoldView::projectId);
    }

    /** Returns the scope of a hold: {@code everything} or {@code project NAME}. */
    static String scope(HoldView hold, Map<String, String> projectNames) {
        String id = hold.projectId();
        return id == null ? "everything" : "project " + projectNames.getOrDefault(id, id);
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
