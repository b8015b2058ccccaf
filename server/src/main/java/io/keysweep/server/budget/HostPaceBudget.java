package io.keysweep.server.budget;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import io.keysweep.server.config.BudgetSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.PaceBudget;
import io.keysweep.server.control.PaceCeiling;
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
 * Divides the rate and the share that the settings allow on a host among the sweeps that run there.
 *
 * <p>The rate is in keys per second; the share is the part of the time of the servers' main threads. The sweeps may run
 * in different processes: each process calculates the same parts from the same rows of the database. Thread-safe.
 */
@Component
final class HostPaceBudget implements PaceBudget {

    /** Minimum share of a sweep, because a sweep with a share of 0 would never end. */
    private static final double MIN_SHARE = 0.001;

    private final PermitStore store;
    private final BudgetSettings budget;
    private final PacePolicy settingsPace;

    HostPaceBudget(PermitStore store, ServiceSettings settings) {
        this.store = store;
        this.budget = settings.budget();
        this.settingsPace = settings.pace();
    }

    @Override
    public Map<String, PaceCeiling> ceilings(Collection<ActiveSweep> sweeps) {
        if (sweeps.isEmpty() || (budget.ratePerHost() == null && budget.sharePerHost() == null)) {
            return Map.of();
        }
        Set<String> hosts = sweeps.stream().map(ActiveSweep::host).collect(Collectors.toSet());
        Map<String, PaceCeiling> found = new HashMap<>();
        store.pacedSweeps(hosts).stream()
                .collect(Collectors.groupingBy(PermitStore.PacedSweep::host))
                .forEach((host, paced) -> divide(host, paced, found));
        return found;
    }

    /** Adds the ceilings of all sweeps on a host to {@code found}. */
    private void divide(String host, List<PermitStore.PacedSweep> paced, Map<String, PaceCeiling> found) {
        double @Nullable [] rates = parts(
                budget.ratePerHost() == null ? null : budget.ratePerHost().doubleValue(),
                paced,
                pace -> pace.rateCeiling().isPresent() ? pace.rateCeiling().getAsLong() : Double.POSITIVE_INFINITY);
        double @Nullable [] shares = parts(budget.sharePerHost(), paced, PacePolicy::shareCeiling);
        Intervention why = new Intervention(
                "the budget of host " + host, paced.size() == 1 ? "" : paced.size() + " sweeps share it");
        for (int i = 0; i < paced.size(); i++) {
            found.put(
                    paced.get(i).execution(),
                    new PaceCeiling(
                            // At least 1, because a sweep with a rate of 0 would never end.
                            rates == null ? null : Math.max(1, (long) rates[i]),
                            shares == null ? 1 : Math.max(MIN_SHARE, Math.min(1, shares[i])),
                            why));
        }
    }

    /**
     * Divides an amount among sweeps. Returns null if there is no limit.
     *
     * @param amount limit of the host, or null for no limit
     * @param demand returns the maximum that a sweep can use at its own pace
     */
    private double @Nullable [] parts(
            @Nullable Double amount, List<PermitStore.PacedSweep> paced, ToDoubleFunction<PacePolicy> demand) {
        return amount == null
                ? null
                : FairShares.divide(
                        amount,
                        paced.stream()
                                .mapToDouble(
                                        each -> demand.applyAsDouble(each.pace().over(settingsPace)))
                                .toArray());
    }
}
