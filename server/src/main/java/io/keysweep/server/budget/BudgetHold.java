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
 * Makes a sweep wait until it has a permit to run, and stops it when its permit is recalled because a budget has
 * shrunk.
 *
 * <p>A sweep is the part of a scan that visits one primary; {@link Permits} grants and recalls the permits. A budget
 * limits how many sweeps run at the same time. A sweep that begins takes its permit here. The service therefore asks
 * this {@link SweepHold} bean last: a sweep must take no permit if another bean keeps it from running.
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

    /**
     * Returns why running sweeps must stop, by execution id (the id of the sweep's entry in db-scheduler). A sweep
     * without a permit is not in the map: its scan has ended, and the sweep notices that itself.
     */
    @Override
    public Map<String, SweepRestriction> restrictions(Collection<ActiveSweep> sweeps, Instant now) {
        Map<String, SweepRestriction> restrictions = new HashMap<>();
        for (Permit permit :
                store.find(sweeps.stream().map(ActiveSweep::execution).toList())) {
            permits.restriction(permit).ifPresent(restriction -> restrictions.put(permit.execution(), restriction));
        }
        return restrictions;
    }

    @Override
    public Optional<SweepRestriction> begin(ActiveSweep sweep, Instant now) {
        return permits.request(sweep);
    }
}
