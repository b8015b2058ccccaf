package io.keysweep.server.window;

import io.keysweep.engine.sweep.SweepControl.Intervention;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.SweepHold;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Holds the sweeps that are outside their windows, or ends them. */
@Component
final class WindowHold implements SweepHold {

    private final Gates gates;

    WindowHold(Gates gates) {
        this.gates = gates;
    }

    @Override
    public Map<UUID, Restraint> restraints(Collection<Scan> scans, Instant now) {
        Map<UUID, Gate> found = gates.of(scans.stream().map(Scan::instanceId).toList());
        Map<UUID, Restraint> restraints = new HashMap<>();
        for (Scan scan : scans) {
            Gate gate = found.get(scan.instanceId());
            if (gate != null && !gate.openTo(scan.type(), now)) {
                restraints.put(
                        scan.id(),
                        new Restraint(
                                new Intervention(gate.owner(), gate.closed(now)),
                                gate.ends(),
                                gate.turn(now).orElse(null)));
            }
        }
        return restraints;
    }
}
