package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes why a sweep must not run, and until when.
 *
 * @param reason why, as users see it
 * @param ending the failure that the sweep ends with, or null if it continues later
 * @param until when to check again, or null if that is not known
 */
public record SweepRestriction(
        String reason, @Nullable String ending, @Nullable Instant until) {

    /**
     * Creates the restriction by a person or a rule with a name.
     *
     * @param ends whether the sweep ends rather than waits
     */
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
