package io.keysweep.server.budget;

import io.keysweep.server.config.BudgetSettings;
import io.keysweep.server.worker.LivingWorkers;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts granted permits in all, by project and by host, to decide whether another permit fits into the budgets.
 *
 * <p>A budget limits how many sweeps run at once, and so do the threads of the workers. Each sweep that runs has a
 * granted permit. Not thread-safe.
 */
final class BudgetUsage {

    /** Begins the reason of a sweep that waits because its budget is used up. */
    static final String WAITS_FOR_BUDGET = "waits for its budget";

    /** Begins the reason of a sweep that waits because all workers are in use. */
    static final String WAITS_FOR_WORKER = "waits for a worker";

    private final BudgetSettings budget;
    private final Map<String, Integer> projectLimits;
    private final LivingWorkers workers;
    private final Map<String, Integer> byProject = new HashMap<>();
    private final Map<String, Integer> byHost = new HashMap<>();
    private int total;

    /**
     * Creates a usage without any permit.
     *
     * @param budget budgets of the settings, for the whole service and for each host
     * @param projectLimits how many sweeps of each project may run at once, by project id; a project without a budget
     *     is not in the map
     * @param workers workers that are alive
     */
    BudgetUsage(BudgetSettings budget, Map<String, Integer> projectLimits, LivingWorkers workers) {
        this.budget = budget;
        this.workers = workers;
        this.projectLimits = Map.copyOf(projectLimits);
    }

    /** Returns whether any budget is set. */
    boolean isLimited() {
        return budget.sweeps() != null || budget.sweepsPerHost() != null || !projectLimits.isEmpty();
    }

    /** Counts a permit if it fits into all budgets. Returns whether it fits. */
    boolean addIfFits(Permit permit) {
        boolean fits = refusalReason(permit) == null;
        if (fits) {
            add(permit.projectId(), permit.host(), 1);
        }
        return fits;
    }

    /** Counts permits that are already granted, even if they exceed a budget. */
    void add(String projectId, String host, int permits) {
        total += permits;
        byProject.merge(projectId, permits, Integer::sum);
        byHost.merge(host, permits, Integer::sum);
    }

    /**
     * Returns why a permit does not fit, for example {@code waits for its budget: 3 of 3 sweeps run in all}, or null if
     * it fits.
     */
    @Nullable String refusalReason(Permit permit) {
        String project = usageIfFull(byProject.get(permit.projectId()), projectLimits.get(permit.projectId()));
        if (project != null) {
            return WAITS_FOR_BUDGET + ": " + project + " in project " + permit.projectName();
        }
        String host = usageIfFull(byHost.get(permit.host()), budget.sweepsPerHost());
        if (host != null) {
            return WAITS_FOR_BUDGET + ": " + host + " on host " + permit.host();
        }
        String all = usageIfFull(total, budget.sweeps());
        if (all != null) {
            return WAITS_FOR_BUDGET + ": " + all + " in all";
        }
        return workerReason(permit.projectId(), permit.projectName());
    }

    /**
     * Returns why no worker can begin another sweep of a project, or null if one can. Example: {@code waits for a
     * worker: 16 of 16 run, project batch has 15}.
     */
    @Nullable String workerReason(String projectId, String projectName) {
        if (total < workers.threads()) {
            return null;
        }
        return workers.threads() == 0
                ? WAITS_FOR_WORKER + ": no process with the role worker is alive"
                : WAITS_FOR_WORKER + ": " + total + " of " + workers.threads() + " run, project " + projectName
                        + " has " + byProject.getOrDefault(projectId, 0);
    }

    /** Returns whether no other permit fits, because the budget of the whole service or all workers are in use. */
    boolean isExhausted() {
        return total >= workers.threads() || usageIfFull(total, budget.sweeps()) != null;
    }

    /** Returns how many permits are granted beyond the threads of the living workers; 0 if none is. */
    int beyondWorkers() {
        return Math.max(0, total - workers.threads());
    }

    /** Returns the ids of the workers that are alive. */
    Set<String> workerIds() {
        return workers.ids();
    }

    /** Returns the ids of the projects whose budget is used up. */
    Set<String> fullProjects() {
        return byProject.keySet().stream()
                .filter(id -> usageIfFull(byProject.get(id), projectLimits.get(id)) != null)
                .collect(Collectors.toSet());
    }

    /** Returns the hosts whose budget is used up. */
    Set<String> fullHosts() {
        return byHost.keySet().stream()
                .filter(host -> usageIfFull(byHost.get(host), budget.sweepsPerHost()) != null)
                .collect(Collectors.toSet());
    }

    /** Returns whether more permits are granted than a budget allows, which happens when a budget has shrunk. */
    boolean isExceeded() {
        return isAbove(total, budget.sweeps())
                || byHost.values().stream().anyMatch(used -> isAbove(used, budget.sweepsPerHost()))
                || projectLimits.entrySet().stream()
                        .anyMatch(limit -> byProject.getOrDefault(limit.getKey(), 0) > limit.getValue());
    }

    private static boolean isAbove(int used, @Nullable Integer limit) {
        return limit != null && used > limit;
    }

    /** Returns the usage as a text if the limit is reached, otherwise null. A limit that is null is never reached. */
    private static @Nullable String usageIfFull(@Nullable Integer used, @Nullable Integer limit) {
        int now = used == null ? 0 : used;
        return limit == null || now < limit ? null : now + " of " + limit + " sweeps run";
    }
}
