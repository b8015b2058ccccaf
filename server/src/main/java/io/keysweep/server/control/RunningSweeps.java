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
 * Passes instructions, restrictions and paces from the database to the sweeps that this process runs.
 *
 * <p>A sweep is the part of a scan that visits one primary; its {@link SweepHandle} pauses the sweep, changes its pace
 * or ends it. The class reads two kinds of data for the handles:
 *
 * <ul>
 *   <li>Instructions are the current requests for a scan: a pause, a cancellation, a pace. A request to any process
 *       stores them. This class reads them every {@value #POLL_MILLIS} ms with one query. A request to this process
 *       also calls {@link #poll}, so it takes effect immediately.
 *   <li>Restrictions are rules of the service, such as windows (times of the week when sweeps may run) and budgets
 *       (limits for all sweeps together). This class reads them at every {@value #POLLS_PER_RESTRICTION_POLL}th poll,
 *       together with the paces that sweeps on one host share, and with the ceilings of their instances.
 * </ul>
 *
 * <p>While no sweep runs, the polls query nothing. Thread-safe.
 */
@Component
public class RunningSweeps implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSweeps.class);

    /** Interval at which instructions are read. */
    private static final long POLL_MILLIS = 100;

    /**
     * Restrictions and shared paces are read at every fifth poll only, that is, every 500 ms. They may take effect
     * later than a request of a user, and their queries cost more.
     */
    private static final int POLLS_PER_RESTRICTION_POLL = 5;

    private final InstructionStore instructions;
    private final SweepDecisions decisions;
    private final PaceBudget paceBudget;
    private final CeilingFinder ceilingFinder;
    private final WakeUps wakeUps;

    /** Pace of the settings, for scans that have chosen none. */
    private final PacePolicy settingsPace;

    private final InstantSource clock;

    /** Handles of the sweeps that run in this process. */
    private final Set<SweepHandle> handles = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService pollExecutor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-instructions").factory());

    /** Number of polls until now. Only the thread of the polls uses it. */
    private int pollCount;

    RunningSweeps(
            InstructionStore instructions,
            SweepDecisions decisions,
            PaceBudget paceBudget,
            CeilingFinder ceilingFinder,
            WakeUps wakeUps,
            ServiceSettings settings,
            InstantSource clock) {
        this.instructions = instructions;
        this.decisions = decisions;
        this.paceBudget = paceBudget;
        this.ceilingFinder = ceilingFinder;
        this.wakeUps = wakeUps;
        this.settingsPace = settings.pace();
        this.clock = clock;
    }

    @Override
    public void afterPropertiesSet() {
        // The future completes only if a poll throws an exception, and pollSafely throws none.
        var ignored =
                pollExecutor.scheduleWithFixedDelay(this::pollSafely, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Creates the handle of a sweep that is about to begin. The handle controls nothing before it is registered with
     * {@link #register}.
     *
     * @param execution execution id: the id of the sweep's entry in db-scheduler, {@code <scan id>/<round>/<node id>}
     * @param host host in the address of the primary
     * @param scanId id of the scan that the sweep belongs to
     * @param control passes requests on to the engine
     */
    public SweepHandle newHandle(String execution, String host, UUID scanId, SweepControl control) {
        return new SweepHandle(execution, host, scanId, control, settingsPace);
    }

    /**
     * Decides whether a sweep may begin, and takes the permit that it needs. If it may, registers the handle: polls
     * then apply changes to the sweep until {@link #deregister}.
     *
     * <p>If the scan no longer exists, returns {@link SweepDecision.GoOn} without registering the handle.
     */
    public SweepDecision register(SweepHandle handle) {
        Optional<ScanInstructions> scanInstructions = instructions.find(handle.scanId());
        if (scanInstructions.isEmpty()) {
            // The scan was removed. The worker finds this out when it starts the scan, and then drops the sweep.
            return new SweepDecision.GoOn();
        }
        ActiveSweep sweep = handle.activeSweepWith(scanInstructions.get());
        SweepDecision decision = decisions.decideBegin(sweep, clock.instant());
        if (decision instanceof SweepDecision.GoOn) {
            handle.begin(
                    scanInstructions.get(),
                    paceBudget.allowances(List.of(sweep)).get(sweep.execution()),
                    ceilingFinder.find(scanInstructions.get().instanceId()));
            // Nothing is lost between the read above and this line, because the next poll reads all instructions again.
            handles.add(handle);
        }
        return decision;
    }

    /** Removes a handle; does nothing if it is not registered. */
    public void deregister(SweepHandle handle) {
        handles.remove(handle);
    }

    /**
     * Decides whether a scan continues, waits or ends, by its instructions alone and not by windows or budgets. A scan
     * that does not exist continues, as in {@link #register}.
     */
    public SweepDecision decideByInstructions(UUID scanId) {
        return decisions.decideByInstructions(scanId, clock.instant());
    }

    /**
     * Makes the waiting executions of a scan due now, and polls. Must be called after the commit of a change that can
     * let the scan continue or end.
     */
    public void wake(UUID scanId) {
        wakeUps.wakeScan(scanId);
        wakeUps.checkForDueExecutions();
        poll();
    }

    /**
     * Makes the waiting executions of active scans due now, and polls. Must be called after the commit of a change that
     * can let the scans continue.
     *
     * @param projectId only the scans of this project, or null for all projects
     */
    void wakeProject(@Nullable String projectId) {
        wakeUps.wakeProject(projectId);
        wakeUps.checkForDueExecutions();
        poll();
    }

    /**
     * Reads the instructions of all scans that this process sweeps, and applies them. Called by the thread of the polls
     * and by requests.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot be read; the next poll tries again
     */
    public void poll() {
        List<SweepHandle> polledHandles = List.copyOf(handles);
        if (polledHandles.isEmpty()) {
            return;
        }
        Map<UUID, ScanInstructions> instructionsByScan = instructions.of(
                polledHandles.stream().map(SweepHandle::scanId).distinct().toList());
        for (SweepHandle handle : polledHandles) {
            ScanInstructions latestInstructions = instructionsByScan.get(handle.scanId());
            // The instructions are null if the scan was removed.
            if (latestInstructions != null) {
                handle.apply(latestInstructions, clock.instant());
            }
        }
    }

    /** Reads the restrictions, shared paces and ceilings of the sweeps that this process runs, and applies them. */
    void pollRestrictions() {
        Instant now = clock.instant();
        // Sweeps that already leave their worker are left out, because leaving cannot be undone.
        Map<SweepHandle, ActiveSweep> stayingSweeps = new HashMap<>();
        for (SweepHandle handle : handles) {
            ActiveSweep sweep = handle.activeSweep();
            if (sweep != null && handle.leaveDecision() == null) {
                stayingSweeps.put(handle, sweep);
            }
        }
        if (stayingSweeps.isEmpty()) {
            return;
        }

        // Restrictions matter only where the instructions of the scan leave the decision open (null).
        Map<String, SweepRestriction> restrictions = decisions.restrictions(
                stayingSweeps.values().stream()
                        .filter(sweep -> sweep.instructions().decision(now) == null)
                        .toList(),
                now);
        Map<String, HostAllowance> allowances = paceBudget.allowances(stayingSweeps.values());
        Map<UUID, Ceilings> ceilings = ceilingFinder.find(stayingSweeps.values().stream()
                .map(sweep -> sweep.instructions().instanceId())
                .distinct()
                .toList());

        stayingSweeps.forEach((handle, sweep) -> handle.restrict(
                restrictions.get(sweep.execution()),
                allowances.get(sweep.execution()),
                ceilings.getOrDefault(sweep.instructions().instanceId(), Ceilings.NONE),
                now));
    }

    /** Returns the current paces of the sweeps that this process runs, by execution id. */
    Map<String, PacePolicy> paces() {
        Map<String, PacePolicy> paces = new HashMap<>();
        for (SweepHandle handle : handles) {
            // The sweep is not null, because a handle gets its instructions before it is registered.
            paces.put(Objects.requireNonNull(handle.activeSweep()).execution(), handle.pace());
        }
        return paces;
    }

    /** Polls, and catches all exceptions, because the executor would not poll again after an exception. */
    private void pollSafely() {
        try {
            poll();
            if (++pollCount % POLLS_PER_RESTRICTION_POLL == 0) {
                pollRestrictions();
            }
        } catch (RuntimeException e) {
            // An outage of the database fails every poll, but DatabaseOutageLog logs only the first failure.
            LOG.error("The instructions of scans could not be applied; the next poll tries again", e);
        }
    }

    @Override
    public void destroy() {
        // The call waits for a running poll, because the database is closed next.
        pollExecutor.close();
    }
}
