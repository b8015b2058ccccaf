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

/**
 * Keeps sweeps from running outside their windows. The workers ask it twice a second about their sweeps; the windows
 * say whether such a sweep waits or ends. The budget is asked later ({@code @Order}), so a sweep outside its window
 * takes no permit.
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
        Map<UUID, WindowGate> found = gates.findAll(
                sweeps.stream().map(sweep -> sweep.instructions().instanceId()).toList());
        Map<String, SweepRestriction> restrictions = new HashMap<>();
        for (ActiveSweep sweep : sweeps) {
            ScanInstructions instructions = sweep.instructions();
            WindowGate gate = found.get(instructions.instanceId());
            if (gate != null && !gate.isOpenTo(instructions.automatic() ? ScanType.AUTO : ScanType.MANUAL, now)) {
                restrictions.put(
                        sweep.execution(),
                        SweepRestriction.by(
                                new Intervention(gate.ownerName(), gate.closedReason(now)),
                                gate.endsSweepsOutside(),
                                gate.earliestStart(now).orElse(null)));
            }
        }
        return restrictions;
    }
}
