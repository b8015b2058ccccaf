package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.config.ServiceSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
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
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The sweeps that this process runs, and the one place that decides whether a sweep goes on, rests or ends: by what its scan
 * was told, then by each {@link SweepHold}. What scans are told, by whatever process, is one query for all sweeps every
 * {@value #LOOK_MILLIS} ms, none while there are no sweeps, and at once for what was asked here; holds and shared paces
 * are looked at every {@value #LOOKS}th time. Safe to share.
 */
@Component
public class RunningSweeps implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSweeps.class);
    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS = 5;

    private final InstructionStore orders;
    private final List<SweepHold> holds;
    private final PaceBudget shared;
    private final WakeUps wakeUps;
    private final PacePolicy pace;
    private final InstantSource clock;
    private final Set<SweepHandle> reins = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-orders").factory());
    private volatile boolean deaf;
    private int looked;

    RunningSweeps(
            InstructionStore orders,
            List<SweepHold> holds,
            PaceBudget shared,
            WakeUps wakeUps,
            ServiceSettings settings,
            InstantSource clock) {
        this.orders = orders;
        this.holds = List.copyOf(holds);
        this.shared = shared;
        this.wakeUps = wakeUps;
        this.pace = settings.pace();
        this.clock = clock;
    }

    @Override
    public void afterPropertiesSet() {
        // A look ends with none of its own faults, so the future has nothing to tell.
        var ignored = looks.scheduleWithFixedDelay(this::lookOrTell, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the rein of a sweep that is about to begin.
     *
     * @param execution id of its execution
     * @param host address of the host that its primary is on
     */
    public SweepHandle sweepHandle(String execution, String host, UUID scanId, SweepControl control) {
        return new SweepHandle(this, execution, host, scanId, control, pace);
    }

    SweepDecision begin(SweepHandle sweepHandle) {
        Optional<ScanInstructions> found = orders.find(sweepHandle.scanId());
        if (found.isEmpty()) {
            return new SweepDecision.GoOn();
        }
        ActiveSweep sweep = sweepHandle.with(found.get());
        Instant now = clock.instant();
        SweepDecision decision = found.get().decision(now);
        if (decision == null) {
            decision = holds.stream()
                    .flatMap(hold -> hold.begin(sweep, now).stream())
                    .findFirst()
                    .map(SweepRestriction::decision)
                    .orElseGet(SweepDecision.GoOn::new);
        }
        if (decision instanceof SweepDecision.GoOn) {
            sweepHandle.take(found.get(), shared.ceilings(List.of(sweep)).get(sweep.execution()));
            // From here on the looks reach it. What was asked for since the read above, the next one finds.
            reins.add(sweepHandle);
        }
        return decision;
    }

    void drop(SweepHandle sweepHandle) {
        reins.remove(sweepHandle);
    }

    /** What a scan was told to do, whatever holds its sweeps. */
    public SweepDecision told(UUID scanId) {
        return orders.find(scanId).map(found -> found.decision(clock.instant())).orElseGet(SweepDecision.GoOn::new);
    }

    /**
     * Looks again at a sweep that rests, once its execution has been put back: what has changed while that was still a
     * worker's has woken nobody.
     *
     * @param noted the reason that it rests by
     */
    public void lookAgain(String execution, String host, UUID scanId, String noted) {
        SweepDecision decision = orders.find(scanId)
                .map(found -> decision(new ActiveSweep(execution, host, found)))
                .orElseGet(SweepDecision.GoOn::new);
        if (!(decision instanceof SweepDecision.Wait rest && rest.reason().equals(noted))) {
            wakeUps.execution(execution);
            wakeUps.look();
        }
    }

    /** The same for an execution that rests only by what its scan was told. */
    public void lookAgain(String execution, UUID scanId) {
        if (!(told(scanId) instanceof SweepDecision.Wait)) {
            wakeUps.execution(execution);
            wakeUps.look();
        }
    }

    /** Has what rests of a scan taken up again, and looks. */
    public void wake(UUID scanId) {
        wakeUps.scan(scanId);
        wakeUps.look();
        look();
    }

    /** Has what rests of a project, or of all if it is null, taken up again, and looks. */
    void wakeProject(@Nullable String projectId) {
        wakeUps.project(projectId);
        wakeUps.look();
        look();
    }

    /** Passes on what all scans that are swept here have been told. */
    public void look() {
        List<SweepHandle> now = List.copyOf(reins);
        if (now.isEmpty()) {
            return;
        }
        Map<UUID, ScanInstructions> found =
                orders.of(now.stream().map(SweepHandle::scanId).distinct().toList());
        for (SweepHandle sweepHandle : now) {
            ScanInstructions told = found.get(sweepHandle.scanId());
            if (told != null) {
                sweepHandle.obey(told, clock.instant());
            }
        }
    }

    /** Passes on what keeps the sweeps here from running, and what they share. */
    void lookAtHolds() {
        Instant now = clock.instant();
        Map<SweepHandle, ActiveSweep> all = new HashMap<>();
        for (SweepHandle sweepHandle : reins) {
            ActiveSweep sweep = sweepHandle.sweeping();
            if (sweep != null && sweepHandle.left() == null) {
                all.put(sweepHandle, sweep);
            }
        }
        if (all.isEmpty()) {
            return;
        }
        Map<String, SweepRestriction> restraints = restraints(
                all.values().stream()
                        .filter(sweep -> sweep.orders().decision(now) == null)
                        .toList(),
                now);
        Map<String, PaceCeiling> ceilings = shared.ceilings(all.values());
        all.forEach((sweepHandle, sweep) ->
                sweepHandle.restrain(restraints.get(sweep.execution()), ceilings.get(sweep.execution()), now));
    }

    private SweepDecision decision(ActiveSweep sweep) {
        Instant now = clock.instant();
        SweepDecision told = sweep.orders().decision(now);
        if (told != null) {
            return told;
        }
        SweepRestriction restraint = restraints(List.of(sweep), now).get(sweep.execution());
        return restraint == null ? new SweepDecision.GoOn() : restraint.decision();
    }

    private Map<String, SweepRestriction> restraints(Collection<ActiveSweep> sweeps, Instant now) {
        Map<String, SweepRestriction> found = new HashMap<>();
        List<ActiveSweep> free = new ArrayList<>(sweeps);
        for (SweepHold hold : holds) {
            if (!free.isEmpty()) {
                found.putAll(hold.restraints(free, now));
                free.removeIf(sweep -> found.containsKey(sweep.execution()));
            }
        }
        return found;
    }

    /** The paces that the sweeps here have at present, by their executions. */
    Map<String, PacePolicy> paces() {
        Map<String, PacePolicy> paces = new HashMap<>();
        for (SweepHandle sweepHandle : reins) {
            paces.put(Objects.requireNonNull(sweepHandle.sweeping()).execution(), sweepHandle.pace());
        }
        return paces;
    }

    /** A database that is away for a while must not end the looks, nor fill the log. */
    private void lookOrTell() {
        try {
            look();
            if (++looked % LOOKS == 0) {
                lookAtHolds();
            }
            deaf = false;
        } catch (DataAccessException e) {
            if (!deaf) {
                LOG.warn("What scans are told is not heard at the moment: {}", e.getMessage());
            }
            deaf = true;
        } catch (RuntimeException e) {
            LOG.error("What scans are told could not be passed on", e);
        }
    }

    @Override
    public void destroy() {
        // Waits for the look that is under way: the database goes next.
        looks.close();
    }
}
