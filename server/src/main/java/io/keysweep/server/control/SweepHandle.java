package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The service's hand on one sweep that this process runs: passes on what its scan is told, what keeps it from running,
 * and its pace. Guarded by itself.
 */
public final class SweepHandle implements AutoCloseable {

    /**
     * How long a paused sweep keeps its worker thread and its connection: a short pause costs no new look at the server,
     * and a long one keeps no other scan from running.
     */
    static final Duration KEPT = Duration.ofSeconds(30);

    private final RunningSweeps running;
    private final String execution;
    private final String host;
    private final UUID scanId;
    private final SweepControl control;
    private final PacePolicy settings;
    private @Nullable ScanInstructions orders;
    private @Nullable SweepRestriction restraint;
    private @Nullable PaceCeiling ceiling;
    private PacePolicy pace;
    private @Nullable Instant pausedSince;
    private @Nullable SweepDecision left;

    SweepHandle(
            RunningSweeps running,
            String execution,
            String host,
            UUID scanId,
            SweepControl control,
            PacePolicy settings) {
        this.running = running;
        this.execution = execution;
        this.host = host;
        this.scanId = scanId;
        this.control = control;
        this.settings = settings;
        this.pace = settings;
    }

    UUID scanId() {
        return scanId;
    }

    /** What the sweep is to do; from a {@link SweepDecision.GoOn} on it is told whatever comes, until the rein is closed. */
    public SweepDecision decision() {
        return running.begin(this);
    }

    /** What the sweep was made to leave its worker by, or null. */
    public synchronized @Nullable SweepDecision left() {
        return left;
    }

    /** The pace to begin with. */
    public synchronized PacePolicy pace() {
        return pace;
    }

    /** Lets go of the sweep. */
    @Override
    public void close() {
        running.drop(this);
    }

    ActiveSweep with(ScanInstructions told) {
        return new ActiveSweep(execution, host, told);
    }

    /** The sweep with the orders that were passed on last, or null before there were any. */
    synchronized @Nullable ActiveSweep sweeping() {
        return orders == null ? null : with(orders);
    }

    /** Takes what holds before the sweep begins. */
    synchronized void take(ScanInstructions first, @Nullable PaceCeiling shared) {
        orders = first;
        ceiling = shared;
        pace = wanted(first);
    }

    /** Passes on what the scan is told. */
    synchronized void obey(ScanInstructions next, Instant now) {
        orders = next;
        Intervention tune = next.tune();
        retune(next, tune == null ? null : tune.forEngine());
        act(next, now);
    }

    /** Passes on what keeps the sweep from running, or null, and the most that it may take, or null. */
    synchronized void restrain(@Nullable SweepRestriction found, @Nullable PaceCeiling shared, Instant now) {
        restraint = found;
        ceiling = shared;
        if (orders != null) {
            retune(orders, shared == null ? new SweepControl.Intervention("the scan", "") : shared.why());
            act(orders, now);
        }
    }

    private PacePolicy wanted(ScanInstructions told) {
        PacePolicy own = told.pace().over(settings);
        return ceiling == null ? own : ceiling.over(own);
    }

    private void retune(ScanInstructions told, SweepControl.@Nullable Intervention by) {
        PacePolicy next = wanted(told);
        if (by != null && !next.equals(pace)) {
            pace = next;
            control.retune(next, by);
        }
    }

    private void act(ScanInstructions told, Instant now) {
        SweepDecision decision = told.decision(now);
        Pause pause = told.pause();
        if (decision instanceof SweepDecision.Wait rest && pause != null) {
            control.pause(pause.intervention().forEngine());
            if (pausedSince == null) {
                pausedSince = now;
            } else if (!now.isBefore(pausedSince.plus(KEPT))) {
                leave(rest);
            }
            return;
        }
        if (pausedSince != null && pause == null) {
            pausedSince = null;
            control.resume();
        }
        if (decision instanceof SweepDecision.End) {
            leave(decision);
        } else if (decision == null && restraint != null) {
            leave(restraint.decision());
        }
    }

    /** Once a sweep has been told to leave it cannot be told to stay; an end for good is still heard. */
    private void leave(SweepDecision decision) {
        if (left == null || decision instanceof SweepDecision.End) {
            left = decision;
            control.cancel();
        }
    }
}
