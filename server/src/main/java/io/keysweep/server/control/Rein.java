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
public final class Rein implements AutoCloseable {

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
    private @Nullable Orders orders;
    private @Nullable Restraint restraint;
    private @Nullable PaceCeiling ceiling;
    private PacePolicy pace;
    private @Nullable Instant pausedSince;
    private @Nullable Verdict left;

    Rein(RunningSweeps running, String execution, String host, UUID scanId, SweepControl control, PacePolicy settings) {
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

    /** What the sweep is to do; from a {@link Verdict.GoOn} on it is told whatever comes, until the rein is closed. */
    public Verdict verdict() {
        return running.begin(this);
    }

    /** What the sweep was made to leave its worker by, or null. */
    public synchronized @Nullable Verdict left() {
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

    Sweeping with(Orders told) {
        return new Sweeping(execution, host, told);
    }

    /** The sweep with the orders that were passed on last, or null before there were any. */
    synchronized @Nullable Sweeping sweeping() {
        return orders == null ? null : with(orders);
    }

    /** Takes what holds before the sweep begins. */
    synchronized void take(Orders first, @Nullable PaceCeiling shared) {
        orders = first;
        ceiling = shared;
        pace = wanted(first);
    }

    /** Passes on what the scan is told. */
    synchronized void obey(Orders next, Instant now) {
        orders = next;
        Intervention tune = next.tune();
        retune(next, tune == null ? null : tune.forEngine());
        act(next, now);
    }

    /** Passes on what keeps the sweep from running, or null, and the most that it may take, or null. */
    synchronized void restrain(@Nullable Restraint found, @Nullable PaceCeiling shared, Instant now) {
        restraint = found;
        ceiling = shared;
        if (orders != null) {
            retune(orders, shared == null ? new SweepControl.Intervention("the scan", "") : shared.why());
            act(orders, now);
        }
    }

    private PacePolicy wanted(Orders told) {
        PacePolicy own = told.pace().over(settings);
        return ceiling == null ? own : ceiling.over(own);
    }

    private void retune(Orders told, SweepControl.@Nullable Intervention by) {
        PacePolicy next = wanted(told);
        if (by != null && !next.equals(pace)) {
            pace = next;
            control.retune(next, by);
        }
    }

    private void act(Orders told, Instant now) {
        Verdict verdict = told.verdict(now);
        Pause pause = told.pause();
        if (verdict instanceof Verdict.Rest rest && pause != null) {
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
        if (verdict instanceof Verdict.End) {
            leave(verdict);
        } else if (verdict == null && restraint != null) {
            leave(restraint.verdict());
        }
    }

    /** Once a sweep has been told to leave it cannot be told to stay; an end for good is still heard. */
    private void leave(Verdict verdict) {
        if (left == null || verdict instanceof Verdict.End) {
            left = verdict;
            control.cancel();
        }
    }
}
