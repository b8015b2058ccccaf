package io.keysweep.server.budget;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Explains to users why a scan waits for a worker. Thread-safe.
 *
 * <p>A scan waits for a worker while all worker threads are in use. The explanation changes as other scans end, so it
 * is computed when a client reads the scan. This class does not return other reasons, such as a budget (a limit for
 * simultaneous sweeps) or a closed window, because these reasons are stored with the scan.
 */
@Service
public class WaitReasons {

    private final Budgets budgets;
    private final PermitStore store;

    WaitReasons(Budgets budgets, PermitStore store) {
        this.budgets = budgets;
        this.store = store;
    }

    /**
     * Returns whether the reason that is stored with a waiting scan says that the scan waits for a worker. A new scan
     * has no stored reason (null) and waits for a worker, because no worker has tried to begin it yet.
     */
    public static boolean isWaitForWorker(@Nullable String reason) {
        return reason == null || reason.startsWith(BudgetUsage.WAITS_FOR_WORKER);
    }

    /**
     * Returns the reasons by scan id, for example {@code waits for a worker: 16 of 16 run, project batch has 15}. The
     * map is empty if a worker thread is free.
     *
     * @param scanIds ids of scans that wait; may be empty
     */
    public Map<UUID, String> of(Collection<UUID> scanIds) {
        if (scanIds.isEmpty()) {
            return Map.of();
        }
        BudgetUsage usage = budgets.newWorkerUsage();
        store.addGrantedTo(usage);
        Map<UUID, String> reasons = new HashMap<>();
        if (!usage.areWorkersBusy()) {
            return reasons;
        }
        store.findProjects(scanIds).forEach((scanId, project) -> {
            String reason = usage.workerReason(project.id(), project.name());
            if (reason != null) {
                reasons.put(scanId, reason);
            }
        });
        return reasons;
    }
}
