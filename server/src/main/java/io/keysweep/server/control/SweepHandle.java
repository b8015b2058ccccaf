package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Controls one sweep that this process runs: pauses it, changes its pace, or makes it leave its worker.
 *
 * <p>A sweep is the part of a scan that visits one primary, on a thread of a worker. A sweep leaves its worker when it
 * must end, or must wait too long to keep the thread. {@link RunningSweeps} passes in four things:
 *
 * <ul>
 *   <li>instructions: the current requests for the scan, such as a pause, a cancellation or a pace;
 *   <li>a restriction: a rule by which the sweep must not run at present, such as the times of its windows;
 *   <li>an allowance: the part of a host's budget that the sweep may use;
 *   <li>the ceilings of the instance, which no request for a pace exceeds.
 * </ul>
 *
 * <p>Thread-safe: the lock of the handle guards all fields that change.
 */
public final class SweepHandle {

    /**
     * The longest time for which a paused sweep keeps its worker thread and its connection. After a short pause the
     * sweep continues immediately, without a new inspection of the server. During a long pause, it must free the thread
     * for other scans.
     */
    static final Duration MAX_PAUSE_WITH_WORKER = Duration.ofSeconds(30);

    /** Names the ceilings of the instance as the cause of a new pace. */
    private static final SweepControl.SweepIntervention BY_CEILINGS =
            new SweepControl.SweepIntervention("the ceilings", "");

    private final String execution;
    private final String host;
    private final UUID scanId;
    private final SweepControl control;
    private final PacePolicy settingsPace;

    /** Instructions that were applied last; null before {@link #begin}. */
    private @Nullable ScanInstructions instructions;

    /** Why the sweep must not run, as of the last {@link #restrict}; null if it may. */
    private @Nullable SweepRestriction restriction;

    /** The part of the host's budget that this sweep may use; null if no budget applies. */
    private @Nullable HostAllowance allowance;

    /** Ceilings of the instance, its project and its tags, as of the last {@link #restrict}. */
    private Ceilings ceilings = Ceilings.NONE;

    /** Pace that the engine uses now. */
    private PacePolicy pace;

    /** When the engine first received the current pause; null if the sweep is not paused. */
    private @Nullable Instant pausedSince;

    /** Decision that has made the sweep leave its worker; null if the sweep remains on its worker. */
    private @Nullable SweepDecision leaveDecision;

    /**
     * Creates a handle with the pace of the settings. Call {@link #begin} before the sweep begins.
     *
     * @param execution execution id: the id of the sweep's entry in db-scheduler, {@code <scan id>/<round>/<node id>}
     * @param host host in the address of the primary
     * @param scanId id of the scan that the sweep belongs to
     * @param control passes requests on to the engine
     * @param settingsPace pace of a scan that has chosen none
     */
    SweepHandle(String execution, String host, UUID scanId, SweepControl control, PacePolicy settingsPace) {
        this.execution = execution;
        this.host = host;
        this.scanId = scanId;
        this.control = control;
        this.settingsPace = settingsPace;
        this.pace = settingsPace;
    }

    UUID scanId() {
        return scanId;
    }

    /** Returns the decision that made the sweep leave its worker: a wait or an end. Returns null if there was none. */
    public synchronized @Nullable SweepDecision leaveDecision() {
        return leaveDecision;
    }

    /** Returns the pace that the engine was last given, or will be given when the sweep begins. */
    public synchronized PacePolicy pace() {
        return pace;
    }

    /** Returns whether key names must never leave the server, as of the last {@link #begin} or {@link #restrict}. */
    public synchronized boolean namesStay() {
        return ceilings.namesStay();
    }

    /** Returns the sweep with the given instructions, for the rules that decide about it. */
    ActiveSweep activeSweepWith(ScanInstructions latestInstructions) {
        return new ActiveSweep(execution, host, latestInstructions);
    }

    /** Returns the sweep with the instructions that were applied last, or null before {@link #begin}. */
    synchronized @Nullable ActiveSweep activeSweep() {
        return instructions == null ? null : activeSweepWith(instructions);
    }

    /**
     * Sets the first instructions and the first pace, before the sweep begins. The engine reads the pace from {@link
     * #pace}.
     *
     * @param firstAllowance the part of the host's budget that this sweep may use; null if no budget applies
     * @param firstCeilings ceilings of the instance, its project and its tags
     */
    synchronized void begin(
            ScanInstructions firstInstructions, @Nullable HostAllowance firstAllowance, Ceilings firstCeilings) {
        instructions = firstInstructions;
        allowance = firstAllowance;
        ceilings = firstCeilings;
        pace = wantedPace(firstInstructions);
    }

    /** Applies the latest instructions of the scan: changes the pace, and pauses, resumes or ends the sweep. */
    synchronized void apply(ScanInstructions latestInstructions, Instant now) {
        instructions = latestInstructions;
        Intervention tune = latestInstructions.tune();
        // Until a user tunes the scan, the instructions choose the same pace as at the beginning.
        if (tune != null) {
            retune(latestInstructions, tune.forEngine());
        }
        endForbiddenAssist(latestInstructions);
        applyDecision(latestInstructions, now);
    }

    /**
     * Ends the assist of the sweep (raised settings of its server) if the instance or a ceiling no longer allows it.
     */
    private void endForbiddenAssist(ScanInstructions latestInstructions) {
        if (latestInstructions.assist() != AssistMode.NONE
                && !ceilings.allowAssist(latestInstructions.instanceAssist())) {
            control.forbidAssist();
        }
    }

    /**
     * Applies the latest restriction and the latest ceilings of the sweep: changes its pace, ends forbidden assist, and
     * makes the sweep leave its worker if it must not run. Before {@link #begin}, only remembers them. Once a ceiling
     * demands that key names never leave the server, the sweep obeys this until it ends.
     *
     * @param latestRestriction why the sweep must not run, or null if it may
     * @param latestAllowance the part of the host's budget that this sweep may use; null if no budget applies
     * @param latestCeilings ceilings of the instance, its project and its tags
     */
    synchronized void restrict(
            @Nullable SweepRestriction latestRestriction,
            @Nullable HostAllowance latestAllowance,
            Ceilings latestCeilings,
            Instant now) {
        boolean ceilingsChanged = !latestCeilings.equals(ceilings);
        restriction = latestRestriction;
        allowance = latestAllowance;
        ceilings = latestCeilings;
        if (latestCeilings.namesStay()) {
            control.keepNames();
        }
        if (instructions != null) {
            retune(instructions, ceilingsChanged ? BY_CEILINGS : hostCause(latestAllowance));
            endForbiddenAssist(instructions);
            applyDecision(instructions, now);
        }
    }

    /**
     * Returns the cause of a new pace if the ceilings of the instance have not changed: the budget of the host. If no
     * budget limits the host now, the cause is the scan, because its own pace applies again.
     */
    private static SweepControl.SweepIntervention hostCause(@Nullable HostAllowance latestAllowance) {
        return latestAllowance == null ? new SweepControl.SweepIntervention("the scan", "") : latestAllowance.why();
    }

    /** Returns the pace that the instructions, the allowance of the host and the ceilings give together. */
    private PacePolicy wantedPace(ScanInstructions latestInstructions) {
        PacePolicy ownPace = latestInstructions.pace().over(settingsPace);
        return latestInstructions
                .applicableCeilings(ceilings)
                .lower(allowance == null ? ownPace : allowance.limit(ownPace));
    }

    /**
     * Changes the pace of the running sweep if it differs from the wanted one.
     *
     * @param by who or what has changed the pace, for the log
     */
    private void retune(ScanInstructions latestInstructions, SweepControl.SweepIntervention by) {
        PacePolicy wantedPace = wantedPace(latestInstructions);
        if (!wantedPace.equals(pace)) {
            pace = wantedPace;
            control.retune(wantedPace, by);
        }
    }

    /**
     * Pauses or resumes the sweep, or makes it leave its worker, as the instructions and the restriction require. The
     * restriction matters only if the instructions neither stop nor pause the sweep (their decision is null).
     */
    private void applyDecision(ScanInstructions latestInstructions, Instant now) {
        SweepDecision decision = latestInstructions.decision(now);
        Pause pause = latestInstructions.pause();
        if (decision instanceof SweepDecision.Wait wait && pause != null) {
            pauseOrLeave(pause, wait, now);
            return;
        }
        // Resumes only if the pause itself has ended. A cancelled sweep keeps its pause, because it must send no more
        // steps.
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

    /** Pauses the sweep. If the pause has lasted too long to keep the thread, makes the sweep leave its worker. */
    private void pauseOrLeave(Pause pause, SweepDecision.Wait wait, Instant now) {
        // The reason is set at every call, because it changes when another pause replaces the current one.
        control.pause(pause.reason());
        if (pausedSince == null) {
            pausedSince = now;
        } else if (!now.isBefore(pausedSince.plus(MAX_PAUSE_WITH_WORKER))) {
            leave(wait);
        }
    }

    /**
     * Makes the sweep leave its worker at its next checkpoint (when it stores its positions and counts). This cannot be
     * undone, because the engine ends the run. An end replaces an earlier wait, so that a sweep that is cancelled in
     * the meantime does not wait first.
     */
    private void leave(SweepDecision decision) {
        if (leaveDecision == null || decision instanceof SweepDecision.End) {
            leaveDecision = decision;
            control.cancel();
        }
    }
}
