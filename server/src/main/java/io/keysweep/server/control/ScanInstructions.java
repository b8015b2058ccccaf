package io.keysweep.server.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Holds the present instructions of a scan: pauses, a cancel and the pace.
 *
 * @param scanId the scan
 * @param instanceId the instance that it sweeps
 * @param automatic whether the schedule or a trigger has started the scan
 * @param active whether the scan waits or runs; the instructions of an ended scan mean nothing
 * @param version raised by every pause, resume, cancel and tune of this scan
 * @param ownPause pause of the scan itself, or null
 * @param projectHold hold of its project, or null
 * @param globalHold the global hold, or null
 * @param cancel who has cancelled the scan, or null
 * @param pace the chosen pace
 * @param tune who has chosen the pace last, or null
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

    /** Returns why the scan must not do steps now, by the most specific scope, or null if it may. */
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
     * Decides about the sweeps of the scan, or returns null if the instructions leave it open. A scan that has timed out
     * needs a worker to end it, so it continues whatever pauses it.
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
        return pause == null ? null : new SweepDecision.Wait("paused " + pause.intervention(), null);
    }
}
