package io.keysweep.server.budget;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.SweepIntervention;
import io.keysweep.server.config.BudgetSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.HostAllowance;
import io.keysweep.server.control.PaceBudget;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Divides the pace that the settings allow on a host among the sweeps that run there.
 *
 * <p>A sweep is the part of a scan that visits one primary. The settings can limit two values for each host:
 *
 * <ul>
 *   <li>the rate: keys visited per second by all sweeps together;
 *   <li>the share: the part of the time of the servers' main threads, where 1 is all the time of one server and 2 is
 *       all the time of two servers.
 * </ul>
 *
 * <p>{@link FairShares} divides both. The sweeps of a host may run in different processes. Each process reads the same
 * rows of the database, and so calculates the same parts. Thread-safe.
 */
@Component
final class HostPaceBudget implements PaceBudget {

    /** Minimum share of a sweep, because a sweep with a share of 0 would never end. */
    private static final double MIN_SHARE = 0.001;

    /** Minimum rate of a sweep in keys per second, because a sweep with a rate of 0 would never end. */
    private static final long MIN_RATE = 1;

    private final PermitStore store;
    private final BudgetSettings budget;
    private final PacePolicy settingsPace;

    HostPaceBudget(PermitStore store, ServiceSettings settings) {
        this.store = store;
        this.budget = settings.budget();
        this.settingsPace = settings.pace();
    }

    /**
     * Returns the allowances by execution id (the id of a sweep's entry in db-scheduler); empty if the settings
     * limit neither the rate nor the share of a host. The map also has the other sweeps on the same hosts, because the
     * budget of a host is divided among all of its sweeps. A sweep without a granted permit is not in the map.
     */
    @Override
    public Map<String, HostAllowance> allowances(Collection<ActiveSweep> sweeps) {
        if (sweeps.isEmpty() || (budget.ratePerHost() == null && budget.sharePerHost() == null)) {
            return Map.of();
        }
        Set<String> hosts = sweeps.stream().map(ActiveSweep::host).collect(Collectors.toSet());
        Map<String, HostAllowance> allowances = new HashMap<>();
        store.findPacedSweeps(hosts).stream()
                .collect(Collectors.groupingBy(PermitStore.PacedSweep::host))
                .forEach((host, hostSweeps) -> addAllowances(host, hostSweeps, allowances));
        return allowances;
    }

    /**
     * Divides the budget of a host, and adds the allowance of each of its sweeps.
     *
     * @param allowances the map to add to, by execution id
     */
    private void addAllowances(
            String host, List<PermitStore.PacedSweep> hostSweeps, Map<String, HostAllowance> allowances) {
        // A sweep whose own pace has no rate ceiling can use any rate, so its demand is infinite.
        double @Nullable [] rates = divideAmongSweeps(
                budget.ratePerHost() == null ? null : budget.ratePerHost().doubleValue(),
                hostSweeps,
                pace -> pace.rateCeiling().isPresent() ? pace.rateCeiling().getAsLong() : Double.POSITIVE_INFINITY);
        double @Nullable [] shares = divideAmongSweeps(budget.sharePerHost(), hostSweeps, PacePolicy::shareCeiling);
        SweepIntervention why = new SweepIntervention(
                "the budget of host " + host, hostSweeps.size() == 1 ? "" : hostSweeps.size() + " sweeps share it");
        for (int i = 0; i < hostSweeps.size(); i++) {
            allowances.put(
                    hostSweeps.get(i).execution(),
                    new HostAllowance(
                            rates == null ? null : Math.max(MIN_RATE, (long) rates[i]),
                            shares == null ? 1 : Math.max(MIN_SHARE, Math.min(1, shares[i])),
                            why));
        }
    }

    /**
     * Divides the limit of a host among its sweeps.
     *
     * @param hostLimit limit of the host, or null for no limit
     * @param demand returns the maximum that a sweep can use at its own pace
     * @return the part of each sweep, in the order of {@code hostSweeps}; null if there is no limit
     */
    private double @Nullable [] divideAmongSweeps(
            @Nullable Double hostLimit, List<PermitStore.PacedSweep> hostSweeps, ToDoubleFunction<PacePolicy> demand) {
        // The pace of the settings fills in the parts that the scan has not chosen.
        return hostLimit == null
                ? null
                : FairShares.divide(
                        hostLimit,
                        hostSweeps.stream()
                                .mapToDouble(sweep ->
                                        demand.applyAsDouble(sweep.pace().over(settingsPace)))
                                .toArray());
    }
}
