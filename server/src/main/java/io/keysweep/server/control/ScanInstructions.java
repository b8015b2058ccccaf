package io.keysweep.server.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says what users want of a scan at present: pauses, a cancel, and the pace.
 *
 * @param scanId id of the scan
 * @param instanceId id of the instance that the scan sweeps
 * @param automatic whether the schedule or a trigger has started the scan, and not a user
 * @param active whether the scan waits or runs; the instructions of an ended scan have no effect
 * @param version version of these instructions; each pause, resume, cancel and tune of the scan raises it
 * @param ownPause pause of the scan itself, or null
 * @param projectHold hold of the scan's project, or null
 * @param globalHold hold of all projects, or null
 * @param cancel who has cancelled the scan, why and when, or null
 * @param pace parts of the pace that were chosen for the scan
 * @param tune who has changed the pace last, why and when, or null
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
        @Nullable Instant deadline) {

    /**
     * Returns why the scan must make no steps now, or null if nothing pauses it. With several pauses, the one with the
     * smallest scope is returned.
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
     * Decides whether the sweeps of the scan go on, wait or end. Returns null if windows and budgets decide.
     *
     * <p>The sweeps of a scan that has ended or timed out go on even if the scan is paused, because only a worker can
     * end them.
     */
    @Nullable SweepDecision decision(Instant now) {
        if (!active) {
            return new SweepDecision.GoOn();
        }
        if (cancel != null) {
            return new SweepDecision.End(cancel.cancelled());
        }
        if (deadline != null && !now.isBefore(deadline)) {
            return new SweepDecision.GoOn();
        }
        Pause pause = pause();
        return pause == null ? null : new SweepDecision.Wait(pause.reason(), /* until= */ null, /* requested= */ true);
    }
}
