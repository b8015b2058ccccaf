package io.keysweep.server.budget;

import io.keysweep.server.config.BudgetSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts granted permits in all, by project and by host, to decide whether another permit fits into the budgets.
 *
 * <p>A budget limits how many sweeps run at once. Each sweep that runs has a granted permit. Not thread-safe.
 */
final class BudgetUsage {

    private final BudgetSettings budget;
    private final Map<String, Integer> projectLimits;
    private final Map<String, Integer> byProject = new HashMap<>();
    private final Map<String, Integer> byHost = new HashMap<>();
    private int total;

    /**
     * Creates a usage without any permit.
     *
     * @param budget budgets of the settings, for the whole service and for each host
     * @param projectLimits how many sweeps of each project may run at once, by project id; a project without a budget
     *     is not in the map
     */
    BudgetUsage(BudgetSettings budget, Map<String, Integer> projectLimits) {
        this.budget = budget;
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

    /** Returns why a permit does not fit, for example {@code 3 of 3 sweeps run in all}, or null if it fits. */
    @Nullable String refusalReason(Permit permit) {
        String project = usageIfFull(byProject.get(permit.projectId()), projectLimits.get(permit.projectId()));
        if (project != null) {
            return project + " in project " + permit.projectName();
        }
        String host = usageIfFull(byHost.get(permit.host()), budget.sweepsPerHost());
        if (host != null) {
            return host + " on host " + permit.host();
        }
        String all = usageIfFull(total, budget.sweeps());
        return all == null ? null : all + " in all";
    }

    /** Returns whether the budget of the whole service is used up, so that no other permit fits. */
    boolean isExhausted() {
        return usageIfFull(total, budget.sweeps()) != null;
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
