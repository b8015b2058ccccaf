package io.keysweep.server.autoscan;

import io.keysweep.server.window.WindowGate;
import io.keysweep.server.window.WindowGates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Calculates when the schedules of several instances start their next scans, for lists of instances. Thread-safe. */
@Component
public final class NextStarts {

    private final AutoScanStore store;
    private final WindowGates gates;
    private final InstantSource clock;

    NextStarts(AutoScanStore store, WindowGates gates, InstantSource clock) {
        this.store = store;
        this.gates = gates;
        this.clock = clock;
    }

    /**
     * Returns the next start of each instance, by instance id. Windows and the delay of the spread are taken into
     * account. An instance whose schedule starts no more scans is not in the map.
     */
    public Map<UUID, Instant> of(Collection<UUID> instanceIds) {
        Instant now = clock.instant();
        Map<UUID, WindowGate> found = gates.findAll(instanceIds);
        Map<UUID, Instant> starts = new HashMap<>();
        for (AutoScanConfig config : store.find(instanceIds)) {
            UUID id = config.instanceId();
            WindowGate gate = found.getOrDefault(id, WindowGate.open(id));
            if (config.enabled()) {
                config.schedule()
                        .delayedBy(gate.startDelay())
                        .dueAfter(now)
                        .flatMap(gate::earliestStart)
                        .ifPresent(start -> starts.put(id, start));
            }
        }
        return starts;
    }
}
