package io.keysweep.server.budget;

import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.SweepHold;
import io.keysweep.server.control.SweepRestriction;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Holds the sweeps that wait for a permit, and those whose permit was recalled. This hold is the last in the order,
 * because a sweep that begins takes a permit here and must not take one that another hold would keep idle.
 */
@Component
@Order(2)
final class BudgetHold implements SweepHold {

    private final Permits permits;
    private final PermitStore store;

    BudgetHold(Permits permits, PermitStore store) {
        this.permits = permits;
        this.store = store;
    }

    @Override
    public Map<String, SweepRestriction> restrictions(Collection<ActiveSweep> sweeps, Instant now) {
        Map<String, SweepRestriction> found = new HashMap<>();
        for (Permit permit :
                store.find(sweeps.stream().map(ActiveSweep::execution).toList())) {
            permits.restriction(permit).ifPresent(restriction -> found.put(permit.execution(), restriction));
        }
        return found;
    }

    @Override
    public Optional<SweepRestriction> begin(ActiveSweep sweep, Instant now) {
        return permits.request(sweep);
    }
}
