package io.keysweep.server.control;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a scan has been told, as it stands now.
 *
 * @param scanId the scan
 * @param instanceId what it sweeps
 * @param automatic whether the schedule or a trigger has started it
 * @param active whether the scan waits or runs; one that has ended is told nothing any more
 * @param version raised by every pause, resume, cancel and tune of this scan
 * @param ownPause pause of the scan itself, or null
 * @param projectHold hold of its project, or null
 * @param globalHold hold of everything, or null
 * @param cancel who wants it to end, or null
 * @param pace how fast
 * @param tune who has chosen the pace last, or null
 * @param deadline when it times out, or null before it has started
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

    /** Why it must not step now, the most specific reason, or null if it may. */
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
     * What a sweep of the scan is to do as far as that was told, or null if it was told nothing. One whose time is over
     * needs a worker to end it, whatever keeps it.
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
