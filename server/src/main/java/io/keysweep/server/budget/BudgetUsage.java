package io.keysweep.server.budget;

import io.keysweep.server.config.BudgetSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How many sweeps hold a permit in all, of each project and on each host, against how many may. Confined to a thread. */
final class BudgetUsage {

    private final BudgetSettings budget;
    private final Map<String, Integer> ofProjects;
    private final Map<String, Integer> byProject = new HashMap<>();
    private final Map<String, Integer> byHost = new HashMap<>();
    private int all;

    /**
     * With nobody counted.
     *
     * @param ofProjects how many sweeps of a project may run, by its id; one without a budget is not in the map
     */
    BudgetUsage(BudgetSettings budget, Map<String, Integer> ofProjects) {
        this.budget = budget;
        this.ofProjects = Map.copyOf(ofProjects);
    }

    /** Whether there is any budget at all. */
    boolean limited() {
        return budget.sweeps() != null || budget.sweepsPerHost() != null || !ofProjects.isEmpty();
    }

    /** Counts a permit in, if it still fits. */
    boolean take(Permit permit) {
        boolean fits = why(permit) == null;
        if (fits) {
            count(permit.projectId(), permit.host(), 1);
        }
        return fits;
    }

    /** Counts permits in that are granted, whether they fit or not. */
    void count(String projectId, String host, int permits) {
        all += permits;
        byProject.merge(projectId, permits, Integer::sum);
        byHost.merge(host, permits, Integer::sum);
    }

    /** What keeps one more such permit from being granted, as users see it, or null. */
    @Nullable String why(Permit permit) {
        String project = full(byProject.get(permit.projectId()), ofProjects.get(permit.projectId()));
        if (project != null) {
            return project + " in project " + permit.projectName();
        }
        String host = full(byHost.get(permit.host()), budget.sweepsPerHost());
        if (host != null) {
            return host + " on host " + permit.host();
        }
        String total = full(all, budget.sweeps());
        return total == null ? null : total + " in all";
    }

    /** Whether nobody gets a permit at present. */
    boolean exhausted() {
        return full(all, budget.sweeps()) != null;
    }

    /** Projects whose budget is used up. */
    Set<String> fullProjects() {
        return byProject.keySet().stream()
                .filter(id -> full(byProject.get(id), ofProjects.get(id)) != null)
                .collect(Collectors.toSet());
    }

    /** Hosts whose budget is used up. */
    Set<String> fullHosts() {
        return byHost.keySet().stream()
                .filter(host -> full(byHost.get(host), budget.sweepsPerHost()) != null)
                .collect(Collectors.toSet());
    }

    /** Whether more is granted than may be, as the budget has shrunk. */
    boolean exceeded() {
        return above(all, budget.sweeps())
                || byHost.values().stream().anyMatch(used -> above(used, budget.sweepsPerHost()))
                || ofProjects.entrySet().stream()
                        .anyMatch(most -> byProject.getOrDefault(most.getKey(), 0) > most.getValue());
    }

    private static boolean above(int used, @Nullable Integer most) {
        return most != null && used > most;
    }

    private static @Nullable String full(@Nullable Integer used, @Nullable Integer most) {
        int now = used == null ? 0 : used;
        return most == null || now < most ? null : now + " of " + most + " sweeps run";
    }
}
