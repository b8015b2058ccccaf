package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Steers one sweep that this process runs: passes the instructions of its scan, its restrictions and its pace on to the
 * engine. {@link RunningSweeps} calls it. Guarded by itself.
 */
public final class SweepHandle {

    /**
     * How long a paused sweep keeps its worker thread and its connection. After a short pause the sweep continues without
     * a new inspection of the server; a long pause must not keep other scans from running.
     */
    static final Duration MAX_PAUSE_WITH_WORKER = Duration.ofSeconds(30);

    private final String execution;
    private final String host;
    private final UUID scanId;
    private final SweepControl control;
    private final PacePolicy settings;
    private @Nullable ScanInstructions instructions;
    private @Nullable SweepRestriction restriction;
    private @Nullable PaceCeiling ceiling;
    private PacePolicy pace;
    private @Nullable Instant pausedSince;
    private @Nullable SweepDecision leaveReason;

    /**
     * @param execution id of the execution that does the sweep
     * @param host address of the host that the primary is on
     * @param settings the pace where the scan has chosen none
     */
    SweepHandle(String execution, String host, UUID scanId, SweepControl control, PacePolicy settings) {
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

    /** Returns why the sweep was made to leave its worker, or null if it was not. */
    public synchronized @Nullable SweepDecision leaveReason() {
        return leaveReason;
    }

    /** Returns the present pace. */
    public synchronized PacePolicy pace() {
        return pace;
    }

    ActiveSweep with(ScanInstructions latest) {
        return new ActiveSweep(execution, host, latest);
    }

    /** Returns the sweep with the instructions that were applied last, or null before there were any. */
    synchronized @Nullable ActiveSweep activeSweep() {
        return instructions == null ? null : with(instructions);
    }

    /** Takes the instructions and the ceiling that hold before the sweep begins. */
    synchronized void begin(ScanInstructions first, @Nullable PaceCeiling shared) {
        instructions = first;
        ceiling = shared;
        pace = wantedPace(first);
    }

    /** Applies the latest instructions of the scan. */
    synchronized void apply(ScanInstructions latest, Instant now) {
        instructions = latest;
        Intervention tune = latest.tune();
        retune(latest, tune == null ? null : tune.forEngine());
        act(latest, now);
    }

    /** Applies what keeps the sweep from running, or null, and the most that the sweep may take, or null. */
    synchronized void restrict(@Nullable SweepRestriction found, @Nullable PaceCeiling shared, Instant now) {
        restriction = found;
        ceiling = shared;
        if (instructions != null) {
            retune(instructions, shared == null ? new SweepControl.Intervention("the scan", "") : shared.why());
            act(instructions, now);
        }
    }

    private PacePolicy wantedPace(ScanInstructions latest) {
        PacePolicy own = latest.pace().over(settings);
        return ceiling == null ? own : ceiling.over(own);
    }

    private void retune(ScanInstructions latest, SweepControl.@Nullable Intervention by) {
        PacePolicy next = wantedPace(latest);
        if (by != null && !next.equals(pace)) {
            pace = next;
            control.retune(next, by);
        }
    }

    private void act(ScanInstructions latest, Instant now) {
        SweepDecision decision = latest.decision(now);
        Pause pause = latest.pause();
        if (decision instanceof SweepDecision.Wait wait && pause != null) {
            control.pause(pause.intervention().forEngine());
            if (pausedSince == null) {
                pausedSince = now;
            } else if (!now.isBefore(pausedSince.plus(MAX_PAUSE_WITH_WORKER))) {
                leave(wait);
            }
            return;
        }
        if (pausedSince != null && pause == null) {
            pausedSince = null;
            control.resume();
        }
        if (decision instanceof SweepDecision.End) {
            leave(decision);
        } else if (decision == null && restriction != null) {
            leave(restriction.decision());
        }
    }

    /** Makes the sweep leave its worker. That cannot be taken back, but a later end replaces a wait. */
    private void leave(SweepDecision decision) {
        if (leaveReason == null || decision instanceof SweepDecision.End) {
            leaveReason = decision;
            control.cancel();
        }
    }
}
