package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a sweep is not to run, and until when.
 *
 * @param reason why, as users see it
 * @param ending the failure that the sweep ends with, or null if it goes on later
 * @param until when to look again, or null if that is not known
 */
public record SweepRestriction(
        String reason, @Nullable String ending, @Nullable Instant until) {

    /** One by somebody or something that has a name. */
    public static SweepRestriction by(Intervention intervention, boolean ends, @Nullable Instant until) {
        return new SweepRestriction(
                "paused " + intervention,
                ends ? "Ended " + intervention + "; what was reclaimed stays counted." : null,
                until);
    }

    SweepDecision decision() {
        return ending == null ? new SweepDecision.Wait(reason, until) : new SweepDecision.End(ending);
    }
}
