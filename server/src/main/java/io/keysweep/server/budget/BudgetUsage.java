package io.keysweep.server.budget;

import io.keysweep.server.config.BudgetSettings;
import io.keysweep.server.worker.LivingWorkers;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts the granted permits, and decides whether another permit fits into the budgets.
 *
 * <p>A sweep is the part of a scan that visits one primary. Each sweep that runs has a granted permit (the right to
 * run). A budget limits how many sweeps run at the same time: in total, of a project, or on a host. The number of
 * worker threads also limits them, even where no budget is set. {@link Permits} gets a new usage for each decision and
 * adds the permits that are granted now. Not thread-safe.
 */
final class BudgetUsage {

    /** The beginning of the reason for a sweep that waits because its budget is used up. */
    static final String WAITS_FOR_BUDGET = "waits for its budget";

    /** The beginning of the reason for a sweep that waits because all worker threads are in use. */
    static final String WAITS_FOR_WORKER = "waits for a worker";

    private final BudgetSettings budget;
    private final Map<String, Integer> projectLimits;
    private final LivingWorkers workers;
    private final Map<String, Integer> permitsByProject = new HashMap<>();
    private final Map<String, Integer> permitsByHost = new HashMap<>();
    private int totalPermits;

    /**
     * Creates a usage without any permit.
     *
     * @param budget budgets of the settings, for the whole service and for each host
     * @param projectLimits how many sweeps of each project may run at the same time, by project id; a project without a
     *     budget is not in the map
     * @param workers workers that are alive
     */
    BudgetUsage(BudgetSettings budget, Map<String, Integer> projectLimits, LivingWorkers workers) {
        this.budget = budget;
        this.workers = workers;
        this.projectLimits = Map.copyOf(projectLimits);
    }

    /**
     * Returns whether any budget is set. The number of worker threads, which always limits sweeps, is not treated as a
     * budget.
     */
    boolean isLimited() {
        return budget.sweeps() != null || budget.sweepsPerHost() != null || !projectLimits.isEmpty();
    }

    /** Counts a permit if it fits into all budgets and if a worker has a thread for it. Returns whether it fits. */
    boolean addIfFits(Permit permit) {
        boolean fits = refusalReason(permit) == null;
        if (fits) {
            add(permit.projectId(), permit.host(), 1);
        }
        return fits;
    }

    /** Counts permits that are already granted, even if they exceed a budget. */
    void add(String projectId, String host, int permits) {
        totalPermits += permits;
        permitsByProject.merge(projectId, permits, Integer::sum);
        permitsByHost.merge(host, permits, Integer::sum);
    }

    /**
     * Returns why a permit does not fit, for example {@code waits for its budget: 3 of 3 sweeps run in all}, or null if
     * it fits.
     */
    @Nullable String refusalReason(Permit permit) {
        String projectUsage =
                usageIfFull(permitsByProject.get(permit.projectId()), projectLimits.get(permit.projectId()));
        if (projectUsage != null) {
            return WAITS_FOR_BUDGET + ": " + projectUsage + " in project " + permit.projectName();
        }
        String hostUsage = usageIfFull(permitsByHost.get(permit.host()), budget.sweepsPerHost());
        if (hostUsage != null) {
            return WAITS_FOR_BUDGET + ": " + hostUsage + " on host " + permit.host();
        }
        String totalUsage = usageIfFull(totalPermits, budget.sweeps());
        if (totalUsage != null) {
            return WAITS_FOR_BUDGET + ": " + totalUsage + " in all";
        }
        return workerReason(permit.projectId(), permit.projectName());
    }

    /**
     * Returns why no worker can begin another sweep of a project, or null if a worker can. Example: {@code waits for a
     * worker: 16 of 16 run, project batch has 15}.
     */
    @Nullable String workerReason(String projectId, String projectName) {
        if (!areWorkersBusy()) {
            return null;
        }
        return workers.threads() == 0
                ? WAITS_FOR_WORKER + ": no process with the role worker is alive"
                : WAITS_FOR_WORKER + ": " + totalPermits + " of " + workers.threads() + " run, project " + projectName
                        + " has " + permitsByProject.getOrDefault(projectId, 0);
    }

    /**
     * Returns whether no project can get another permit, because the budget of the whole service is used up or all
     * worker threads are in use.
     */
    boolean isExhausted() {
        return areWorkersBusy() || usageIfFull(totalPermits, budget.sweeps()) != null;
    }

    /** Returns whether no worker can begin another sweep of any project. */
    boolean areWorkersBusy() {
        return totalPermits >= workers.threads();
    }

    /** Returns how many more sweeps the living workers could begin; 0 if all their threads are in use. */
    int freeThreads() {
        return Math.max(0, workers.threads() - totalPermits);
    }

    /**
     * Returns how many more permits are granted than the living workers have threads; 0 if there are enough threads.
     */
    int permitsBeyondWorkers() {
        return Math.max(0, totalPermits - workers.threads());
    }

    /** Returns the ids of the workers that are alive. */
    Set<String> workerIds() {
        return workers.ids();
    }

    /** Returns the ids of the projects whose budget is used up. */
    Set<String> fullProjects() {
        return permitsByProject.keySet().stream()
                .filter(id -> usageIfFull(permitsByProject.get(id), projectLimits.get(id)) != null)
                .collect(Collectors.toSet());
    }

    /** Returns the hosts whose budget is used up. */
    Set<String> fullHosts() {
        return permitsByHost.keySet().stream()
                .filter(host -> usageIfFull(permitsByHost.get(host), budget.sweepsPerHost()) != null)
                .collect(Collectors.toSet());
    }

    /**
     * Returns whether more permits are granted than a budget allows, which happens when a budget has shrunk. More
     * permits than threads of workers are another case, see {@link #permitsBeyondWorkers}.
     */
    boolean isExceeded() {
        return exceeds(totalPermits, budget.sweeps())
                || permitsByHost.values().stream().anyMatch(usedPermits -> exceeds(usedPermits, budget.sweepsPerHost()))
                || projectLimits.entrySet().stream()
                        .anyMatch(limit -> permitsByProject.getOrDefault(limit.getKey(), 0) > limit.getValue());
    }

    private static boolean exceeds(int usedPermits, @Nullable Integer limit) {
        return limit != null && usedPermits > limit;
    }

    /**
     * Returns the usage as a text such as {@code 3 of 3 sweeps run} if the limit is reached, otherwise null.
     *
     * @param permits number of granted permits, or null for 0
     * @param limit maximum number of permits, or null for no limit
     */
    private static @Nullable String usageIfFull(@Nullable Integer permits, @Nullable Integer limit) {
        int usedPermits = permits == null ? 0 : permits;
        return limit == null || usedPermits < limit ? null : usedPermits + " of " + limit + " sweeps run";
    }
}
