package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.config.ServiceSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * Keeps the sweeps that this process runs informed of instructions, holds and their pace.
 *
 * <p>A request to any process stores its change in the database. This class reads the instructions of the scans every
 * {@value #POLL_MILLIS} ms with one query. Every {@value #HOLD_POLL_EVERY}th time it also reads restrictions, such as
 * windows and budgets, and shared paces. It reads nothing while no sweep runs. A request to this process calls {@link
 * #poll}, so it takes effect at once. Thread-safe.
 */
@Component
public class RunningSweeps implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSweeps.class);

    /** Interval at which instructions are read. */
    private static final long POLL_MILLIS = 100;

    /** The number of polls after which one also reads restrictions and shared paces, so every 500 ms. */
    private static final int HOLD_POLL_EVERY = 5;

    private final InstructionStore instructions;
    private final SweepDecisions decisions;
    private final PaceBudget paceBudget;
    private final WakeUps wakeUps;

    /** Pace of the settings, for scans that have chosen none. */
    private final PacePolicy settingsPace;

    private final InstantSource clock;

    /** Handles of the sweeps that run in this process. */
    private final Set<SweepHandle> handles = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService polls = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-instructions").factory());

    /** Number of polls so far; used by the thread of the polls only. */
    private int pollCount;

    RunningSweeps(
            InstructionStore instructions,
            SweepDecisions decisions,
            PaceBudget paceBudget,
            WakeUps wakeUps,
            ServiceSettings settings,
            InstantSource clock) {
        this.instructions = instructions;
        this.decisions = decisions;
        this.paceBudget = paceBudget;
        this.wakeUps = wakeUps;
        this.settingsPace = settings.pace();
        this.clock = clock;
    }

    @Override
    public void afterPropertiesSet() {
        // A poll catches its own faults, so the future never completes.
        var ignored = polls.scheduleWithFixedDelay(this::pollSafely, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Creates the handle of a sweep that is about to begin. Has no effect until the handle is registered.
     *
     * @param execution id of the execution that does the sweep
     * @param host host in the address of the primary
     * @param scanId id of the scan that the sweep belongs to
     * @param control passes requests on to the engine
     */
    public SweepHandle newHandle(String execution, String host, UUID scanId, SweepControl control) {
        return new SweepHandle(execution, host, scanId, control, settingsPace);
    }

    /**
     * Decides whether a sweep may begin, and takes the permit that it needs. If it may, registers the handle: the sweep
     * is then kept informed until {@link #deregister}.
     */
    public SweepDecision register(SweepHandle handle) {
        Optional<ScanInstructions> found = instructions.find(handle.scanId());
        if (found.isEmpty()) {
            // The scan was removed. The worker finds that out when it starts the scan.
            return new SweepDecision.GoOn();
        }
        ActiveSweep sweep = handle.with(found.get());
        SweepDecision decision = decisions.toBegin(sweep, clock.instant());
        if (decision instanceof SweepDecision.GoOn) {
            handle.begin(found.get(), paceBudget.ceilings(List.of(sweep)).get(sweep.execution()));
            // A change after the read above is found by the next poll.
            handles.add(handle);
        }
        return decision;
    }

    /** Removes a handle; does nothing if it is not registered. */
    public void deregister(SweepHandle handle) {
        handles.remove(handle);
    }

    /** Decides whether a scan continues, waits or ends, by its instructions alone and not by windows or budgets. */
    public SweepDecision byInstructions(UUID scanId) {
        return decisions.byInstructions(scanId, clock.instant());
    }

    /** Makes the waiting executions of a scan due now, and polls. */
    public void wake(UUID scanId) {
        wakeUps.wakeScan(scanId);
        wakeUps.checkForDueExecutions();
        poll();
    }

    /**
     * Makes the waiting executions of scans due now, and polls.
     *
     * @param projectId only the scans of this project, or null for all projects
     */
    void wakeProject(@Nullable String projectId) {
        wakeUps.wakeProject(projectId);
        wakeUps.checkForDueExecutions();
        poll();
    }

    /** Reads the instructions of all scans that this process sweeps, and applies them. */
    public void poll() {
        List<SweepHandle> polled = List.copyOf(handles);
        if (polled.isEmpty()) {
            return;
        }
        Map<UUID, ScanInstructions> found = instructions.of(
                polled.stream().map(SweepHandle::scanId).distinct().toList());
        for (SweepHandle handle : polled) {
            ScanInstructions latest = found.get(handle.scanId());
            if (latest != null) {
                handle.apply(latest, clock.instant());
            }
        }
    }

    /** Reads the restrictions and the shared paces of the sweeps that this process runs, and applies them. */
    void pollHolds() {
        Instant now = clock.instant();
        // Sweeps that leave their worker already need nothing more.
        Map<SweepHandle, ActiveSweep> all = new HashMap<>();
        for (SweepHandle handle : handles) {
            ActiveSweep sweep = handle.activeSweep();
            if (sweep != null && handle.leaveReason() == null) {
                all.put(handle, sweep);
            }
        }
        if (all.isEmpty()) {
            return;
        }
        // Restrictions matter only where the instructions of the scan decide nothing.
        Map<String, SweepRestriction> restrictions = decisions.restrictions(
                all.values().stream()
                        .filter(sweep -> sweep.instructions().decision(now) == null)
                        .toList(),
                now);
        Map<String, PaceCeiling> ceilings = paceBudget.ceilings(all.values());
        all.forEach((handle, sweep) ->
                handle.restrict(restrictions.get(sweep.execution()), ceilings.get(sweep.execution()), now));
    }

    /** Returns the present paces of the sweeps that this process runs, by execution id. */
    Map<String, PacePolicy> paces() {
        Map<String, PacePolicy> paces = new HashMap<>();
        for (SweepHandle handle : handles) {
            // A registered handle has instructions, because it has begun.
            paces.put(Objects.requireNonNull(handle.activeSweep()).execution(), handle.pace());
        }
        return paces;
    }

    /** Polls without throwing: an outage of the database must neither end the polls nor fill the log. */
    private void pollSafely() {
        try {
            poll();
            if (++pollCount % HOLD_POLL_EVERY == 0) {
                pollHolds();
            }
        } catch (RuntimeException e) {
            // An outage of the database is logged once, see DatabaseOutageLog.
            LOG.error("The instructions of scans could not be applied", e);
        }
    }

    @Override
    public void destroy() {
        // Waits for a running poll, because the database is closed next.
        polls.close();
    }
}
