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

/**
 * Calculates when the schedules of instances start their next scans, for lists of instances and for previews.
 *
 * <p>The windows of an instance (times of the week when scans may run) can delay or skip a start. Thread-safe.
 */
@Component
public final class NextStarts {

    /**
     * Maximum number of starts that a search for a start inside the windows checks, which limits the time of a request.
     */
    private static final int MAX_CHECKED_STARTS = 1000;

    /**
     * Number of starts that are checked after each jump to the next opening of the windows, until the next jump.
     * Finding an opening takes longer than checking a start, but with short windows all starts of a week can be
     * outside.
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
     * Returns the next start of each instance, by instance id. Windows (the times of the week when scans may run) and
     * the spread (a delay that differs between instances, so that not all start at once) are taken into account. An
     * instance for which {@link #next} finds no start is not in the map.
     */
    public Map<UUID, Instant> of(Collection<UUID> instanceIds) {
        Instant now = clock.instant();
        Map<UUID, WindowGate> gatesByInstance = gates.findAll(instanceIds);
        Map<UUID, Instant> starts = new HashMap<>();
        for (AutoScanConfig config : store.find(instanceIds)) {
            UUID id = config.instanceId();
            WindowGate gate = gatesByInstance.getOrDefault(id, WindowGate.open(id));
            next(config, gate, now).ifPresent(start -> starts.put(id, start));
        }
        return starts;
    }

    /**
     * Returns the next starts of an instance, the earliest first, as a preview.
     *
     * @param count maximum number of starts
     */
    public List<Instant> preview(UUID instanceId, int count) {
        return store.find(instanceId)
                .map(config -> nextStarts(config, clock.instant(), count))
                .orElse(List.of());
    }

    /**
     * Returns the next starts that an instance would have after a change of its schedule, which is not stored.
     *
     * @param wording the API whose words the exception uses
     * @param count maximum number of starts
     * @throws io.keysweep.server.error.RequestRefusedException if the change breaks a rule
     */
    public List<Instant> preview(UUID instanceId, AutoScanChange change, AutoScanWording wording, int count) {
        Instant now = clock.instant();
        AutoScanConfig previous = store.find(instanceId).orElse(null);
        return nextStarts(AutoScanRules.apply(instanceId, previous, change, now, wording), now, count);
    }

    /** Returns the next starts of a configuration inside its windows, at most {@code count}. */
    private List<Instant> nextStarts(AutoScanConfig config, Instant now, int count) {
        UUID id = config.instanceId();
        WindowGate gate = gates.findAll(List.of(id)).getOrDefault(id, WindowGate.open(id));
        List<Instant> starts = new ArrayList<>();
        Optional<Instant> start = next(config, gate, now);
        while (start.isPresent() && starts.size() < count) {
            starts.add(start.get());
            start = next(config, gate, start.get());
        }
        return starts;
    }

    /**
     * Returns, of the starts after a moment, the first that will take place. Starts outside the windows are treated in
     * two ways:
     *
     * <ul>
     *   <li>If the windows end sweeps (each visits one primary) when they close, such starts are skipped. Returns the
     *       first start inside the windows.
     *   <li>Otherwise such starts wait. Returns the time at which the start can begin. This can be a start that was due
     *       before the moment and still waits.
     * </ul>
     *
     * @return empty if the schedule is disabled or has no more starts, or if the windows never open again. Also empty
     *     if the windows end sweeps and the search gives up: it checks 1000 starts, and after every tenth start it
     *     jumps to the next opening of the windows
     */
    static Optional<Instant> next(AutoScanConfig config, WindowGate gate, Instant moment) {
        if (!config.enabled()) {
            return Optional.empty();
        }
        AutoScanSchedule schedule = config.schedule().delayedBy(gate.startDelay());
        if (!gate.endsSweepsOutside()) {
            return findWaitingStart(config, schedule, gate, moment)
                    .or(() -> schedule.dueAfter(moment).flatMap(gate::earliestStart));
        }

        Optional<Instant> dueAt = schedule.dueAfter(moment);
        for (int i = 0; i < MAX_CHECKED_STARTS && dueAt.isPresent(); i++) {
            if (gate.isOpenTo(ScanType.AUTO, dueAt.get())) {
                return dueAt;
            }
            dueAt = i % STARTS_PER_OPENING == 0
                    ? gate.nextOpening(dueAt.get()).flatMap(opening -> firstDueFrom(schedule, opening))
                    : schedule.dueAfter(dueAt.get());
        }
        return Optional.empty();
    }

    /**
     * Returns when the last start that was due by a moment begins, if it waits for the windows to open. Returns empty
     * if that start is done, or does not wait for the windows.
     */
    private static Optional<Instant> findWaitingStart(
            AutoScanConfig config, AutoScanSchedule schedule, WindowGate gate, Instant moment) {
        // The time lastDue is stored without the spread.
        return schedule.dueBy(moment)
                .filter(start -> !start.minus(gate.startDelay()).equals(config.lastDue()))
                .flatMap(gate::earliestStart)
                .filter(begin -> begin.isAfter(moment));
    }

    /** Returns the first start at or after a moment; empty if there are no more starts. */
    private static Optional<Instant> firstDueFrom(AutoScanSchedule schedule, Instant moment) {
        return schedule.dueAfter(moment.minusNanos(1));
    }
}
