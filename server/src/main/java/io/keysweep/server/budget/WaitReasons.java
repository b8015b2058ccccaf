package io.keysweep.server.budget;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Explains to users why scans that no worker has begun still wait: all workers are in use. Thread-safe.
 *
 * <p>Other reasons, such as a budget or a closed window, are recorded at the scan itself, and are not known here.
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
     * Returns whether a recorded reason means that a scan waits for a worker. A scan without a recorded reason (null)
     * waits for a worker, too.
     */
    public static boolean isForWorker(@Nullable String reason) {
        return reason == null || reason.startsWith(BudgetUsage.WAITS_FOR_WORKER);
    }

    /**
     * Returns the reasons by scan id, for example {@code waits for a worker: 16 of 16 run, project batch has 15}. A
     * scan that a worker can begin at once is not in the map.
     *
     * @param scanIds ids of scans that wait; may be empty
     */
    public Map<UUID, String> of(Collection<UUID> scanIds) {
        if (scanIds.isEmpty()) {
            return Map.of();
        }
        BudgetUsage usage = budgets.newUsageOfWorkers();
        store.addGrantedTo(usage);
        Map<UUID, String> reasons = new HashMap<>();
        if (!usage.areWorkersBusy()) {
            return reasons;
        }
        store.findOwners(scanIds).forEach((scanId, owner) -> {
            String reason = usage.workerReason(owner.projectId(), owner.projectName());
            if (reason != null) {
                reasons.put(scanId, reason);
            }
        });
        return reasons;
    }
}
