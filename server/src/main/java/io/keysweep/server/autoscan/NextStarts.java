package io.keysweep.server.autoscan;

import io.keysweep.server.window.WindowGate;
import io.keysweep.server.window.WindowGates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** When schedules start scans next. Safe to share. */
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
     * When the schedule starts the next scan of each of those instances, windows and spread reckoned in; one for which
     * none is to start is not in the map.
     */
    public Map<UUID, Instant> of(Collection<UUID> instanceIds) {
        Instant now = clock.instant();
        Map<UUID, WindowGate> found = gates.of(instanceIds);
        Map<UUID, Instant> starts = new HashMap<>();
        for (AutoScanConfig config : store.find(instanceIds)) {
            UUID id = config.instanceId();
            WindowGate gate = found.getOrDefault(id, WindowGate.open(id));
            if (config.enabled()) {
                new AutoScanSchedule(
                                Objects.requireNonNull(config.firstScanAt()), Objects.requireNonNull(config.interval()))
                        .delayedBy(gate.delay())
                        .dueAfter(now)
                        .flatMap(gate::turn)
                        .ifPresent(start -> starts.put(id, start));
            }
        }
        return starts;
    }
}
