package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes why a sweep must not run at present, for example because its window is closed.
 *
 * @param reason why the sweep must not run, as users see it
 * @param ending failure with which the sweep must end, or null if it waits and continues later
 * @param until when to check again, or null if that is not known
 */
public record SweepRestriction(
        String reason, @Nullable String ending, @Nullable Instant until) {

    /**
     * Creates the restriction that a person or a named rule has caused.
     *
     * @param ends whether the sweep must end; otherwise it waits
     * @param until when to check again, or null if that is not known
     */
    public static SweepRestriction by(Intervention intervention, boolean ends, @Nullable Instant until) {
        return new SweepRestriction(
                "held " + intervention,
                ends ? "Ended " + intervention + "; what was reclaimed stays counted." : null,
                until);
    }

    /** Converts the restriction to a decision: an end if it has an ending, otherwise a wait. */
    SweepDecision decision() {
        return ending == null
                ? new SweepDecision.Wait(reason, until, /* requested= */ false)
                : new SweepDecision.End(ending);
    }
}
