package io.keysweep.server.autoscan;

import io.keysweep.server.scan.ScanType;
import io.keysweep.server.window.WindowGate;
import io.keysweep.server.window.WindowGates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Calculates when the schedules of several instances start their next scans, for lists of instances. Thread-safe. */
@Component
public final class NextStarts {

    /** How many starts are searched for one inside a window. It limits the time of a request. */
    private static final int MAX_CHECKED_STARTS = 1000;

    /**
     * How many starts are searched one after another, before the search goes on at the next opening of the windows. All
     * starts of a week can be outside short windows, but a search for an opening takes longer than a look at a start.
     */
    private static final int STARTS_PER_OPENING = 10;

    private final AutoScanStore store;
    private final WindowGates gates;
    private final InstantSource clock;

    NextStarts(AutoScanStore store, WindowGates gates, InstantSource clock) {
        this.store = store;
        this.gates = gates;
        this.clock = clock;
    }

    /**
     * Returns the next start of each instance, by instance id. Windows, the times of the week when scans may run, and
     * the spread, a delay of the instance's own, are taken into account. An instance for which {@link #next} finds no
     * start is not in the map.
     */
    public Map<UUID, Instant> of(Collection<UUID> instanceIds) {
        Instant now = clock.instant();
        Map<UUID, WindowGate> found = gates.findAll(instanceIds);
        Map<UUID, Instant> starts = new HashMap<>();
        for (AutoScanConfig config : store.find(instanceIds)) {
            UUID id = config.instanceId();
            WindowGate gate = found.getOrDefault(id, WindowGate.open(id));
            next(config, gate, now).ifPresent(start -> starts.put(id, start));
        }
        return starts;
    }

    /**
     * Returns the next starts of an instance, the earliest first, as a preview.
     *
     * @param count number of starts at most
     */
    public List<Instant> preview(UUID instanceId, int count) {
        List<UUID> ids = List.of(instanceId);
        WindowGate gate = gates.findAll(ids).getOrDefault(instanceId, WindowGate.open(instanceId));
        List<Instant> starts = new ArrayList<>();
        for (AutoScanConfig config : store.find(ids)) {
            Optional<Instant> start = next(config, gate, clock.instant());
            while (start.isPresent() && starts.size() < count) {
                starts.add(start.get());
                start = next(config, gate, start.get());
            }
        }
        return starts;
    }

    /**
     * Returns the first start after a moment that will happen. If the windows end sweeps, a start outside them is
     * skipped, so the first one inside them is returned. Otherwise a start outside them waits, so the time is returned
     * at which it can begin.
     *
     * @return empty if the schedule is disabled or has no more starts, if the windows never open again, or if windows
     *     that end sweeps contain none of the 1000 starts that are searched, which begin at 100 openings
     */
    static Optional<Instant> next(AutoScanConfig config, WindowGate gate, Instant moment) {
        if (!config.enabled()) {
            return Optional.empty();
        }
        AutoScanSchedule schedule = config.schedule().delayedBy(gate.startDelay());
        Optional<Instant> due = schedule.dueAfter(moment);
        if (!gate.endsSweepsOutside()) {
            return due.flatMap(gate::earliestStart);
        }
        for (int i = 0; i < MAX_CHECKED_STARTS && due.isPresent(); i++) {
            if (gate.isOpenTo(ScanType.AUTO, due.get())) {
                return due;
            }
            due = i % STARTS_PER_OPENING == 0
                    ? gate.nextOpening(due.get()).flatMap(opening -> dueFrom(schedule, opening))
                    : schedule.dueAfter(due.get());
        }
        return Optional.empty();
    }

    /** Returns the first start at or after a moment; empty if there are no more starts. */
    private static Optional<Instant> dueFrom(AutoScanSchedule schedule, Instant moment) {
        return schedule.dueAfter(moment.minusNanos(1));
    }
}
