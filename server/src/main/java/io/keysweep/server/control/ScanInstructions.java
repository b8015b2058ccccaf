package io.keysweep.server.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Contains the current requests of users for a scan: pauses, a cancellation, and the pace.
 *
 * <p>{@link InstructionStore} reads the instructions from the database. A {@link Pause} is either a pause of the scan
 * itself, or a project hold or the global hold.
 *
 * @param scanId id of the scan
 * @param instanceId id of the instance that the scan sweeps
 * @param automatic whether the schedule or a trigger has started the scan, and not a user
 * @param active whether the scan waits or runs; the instructions of an ended scan have no effect
 * @param version version of the instructions, 0 at first; each request to pause, resume, cancel or tune the scan raises
 *     it by 1; a project hold or the global hold does not
 * @param ownPause pause of the scan itself, or null
 * @param projectHold hold of the scan's project, or null
 * @param globalHold hold of all projects, or null
 * @param cancel who has cancelled the scan, why and when, or null
 * @param pace parts of the pace that were chosen for the scan
 * @param tune who has changed the pace last, why and when; null if nobody has changed it since the scan was created
 * @param approved whether a second person has approved a pace above the ceilings
 * @param assist whether the scan assists its servers (raises their settings for a while), sweeps them, or both
 * @param instanceAssist whether the instance itself allows assist; null if it leaves that to its ceilings
 * @param deadline when the scan times out, or null before it has begun
 */
public record ScanInstructions(
        UUID scanId,
        UUID instanceId,
        boolean automatic,
        boolean active,
        int version,
        @Nullable Intervention ownPause,
        @Nullable Intervention projectHold,
        @Nullable Intervention globalHold,
        @Nullable Intervention cancel,
        PaceChoice pace,
        @Nullable Intervention tune,
        boolean approved,
        AssistMode assist,
        @Nullable Boolean instanceAssist,
        @Nullable Instant deadline) {

    /**
     * Returns the ceilings that apply to the scan. If a second person has approved the scan, the ceilings of the pace
     * do not apply.
     *
     * @param ceilings all ceilings of the scan's instance
     */
    public Ceilings applicableCeilings(Ceilings ceilings) {
        return approved ? ceilings.forApproved() : ceilings;
    }

    /**
     * Returns why the scan must send no steps (calls that visit keys) now, or null if nothing pauses it. If there are
     * several pauses, returns the pause with the smallest scope: the pause of the scan itself, otherwise the hold of
     * its project, otherwise the hold of all projects.
     */
    public @Nullable Pause pause() {
        if (ownPause != null) {
            return new Pause(Scope.SCAN, ownPause);
        }
        if (projectHold != null) {
            return new Pause(Scope.PROJECT, projectHold);
        }
        return globalHold == null ? null : new Pause(Scope.ALL, globalHold);
    }

    /**
     * Decides whether the sweeps of the scan continue, wait or end. Returns null if the instructions leave this open;
     * then windows and budgets decide.
     *
     * <p>{@link SweepDecision.GoOn} means that the sweeps continue, even outside their windows and budgets. A scan that
     * has ended or timed out gets this decision even if it is paused, because only a worker can end its sweeps.
     */
    @Nullable SweepDecision decision(Instant now) {
        if (!active) {
            return new SweepDecision.GoOn();
        }
        // The cancellation is checked before the timeout, so that the failure of the scan names the user who has
        // cancelled it.
        if (cancel != null) {
            return new SweepDecision.End(cancel.failureText());
        }
        if (deadline != null && !now.isBefore(deadline)) {
            return new SweepDecision.GoOn();
        }
        Pause pause = pause();
        return pause == null ? null : new SweepDecision.Wait(pause.reason(), /* until= */ null, /* requested= */ true);
    }
}
