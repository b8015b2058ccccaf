package io.keysweep.server.window;

import io.keysweep.engine.sweep.SweepControl.Intervention;
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

/** Holds or ends the sweeps that are outside their windows. */
@Component
@Order(1)
final class WindowHold implements SweepHold {

    private final WindowGates gates;

    WindowHold(WindowGates gates) {
        this.gates = gates;
    }

    @Override
    public Map<String, SweepRestriction> restraints(Collection<ActiveSweep> sweeps, Instant now) {
        Map<UUID, WindowGate> found = gates.findAll(
                sweeps.stream().map(sweep -> sweep.orders().instanceId()).toList());
        Map<String, SweepRestriction> restraints = new HashMap<>();
        for (ActiveSweep sweep : sweeps) {
            ScanInstructions orders = sweep.orders();
            WindowGate gate = found.get(orders.instanceId());
            if (gate != null && !gate.isOpenTo(orders.automatic() ? ScanType.AUTO : ScanType.MANUAL, now)) {
                restraints.put(
                        sweep.execution(),
                        SweepRestriction.by(
                                new Intervention(gate.ownerName(), gate.closedReason(now)),
                                gate.endsSweepsOutside(),
                                gate.earliestStart(now).orElse(null)));
            }
        }
        return restraints;
    }
}
