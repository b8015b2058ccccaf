package io.keysweep.server.window;

import io.keysweep.engine.sweep.SweepControl.SweepIntervention;
import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.control.SweepHold;
import io.keysweep.server.control.SweepRestriction;
import io.keysweep.server.scan.ScanType;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Keeps sweeps from running outside the windows of their instance. Windows are times of the week when sweeps may run.
 *
 * <p>A worker asks this bean before it begins a sweep, and twice a second about its running sweeps. The windows also
 * determine whether a sweep outside of them waits or ends. Workers ask for the budget after this bean ({@code @Order}),
 * so that a sweep outside its windows does not take a permit, which it needs to run. Thread-safe.
 */
@Component
@Order(1)
final class WindowHold implements SweepHold {

    private final WindowGates gates;

    WindowHold(WindowGates gates) {
        this.gates = gates;
    }

    @Override
    public Map<String, SweepRestriction> restrictions(Collection<ActiveSweep> sweeps, Instant now) {
        Map<UUID, WindowGate> gatesByInstance = gates.findAll(
                sweeps.stream().map(sweep -> sweep.instructions().instanceId()).toList());
        Map<String, SweepRestriction> restrictions = new HashMap<>();
        for (ActiveSweep sweep : sweeps) {
            ScanInstructions instructions = sweep.instructions();
            WindowGate gate = gatesByInstance.get(instructions.instanceId());
            if (gate != null && !gate.isOpenTo(instructions.automatic() ? ScanType.AUTO : ScanType.MANUAL, now)) {
                restrictions.put(
                        sweep.execution(),
                        SweepRestriction.by(
                                new SweepIntervention(gate.ownerName(), gate.closedReason(now)),
                                gate.endsSweepsOutside(),
                                // The time includes the delay of the spread, so that waiting sweeps do not all begin
                                // together.
                                gate.nextCheck(now)));
            }
        }
        return restrictions;
    }
}
