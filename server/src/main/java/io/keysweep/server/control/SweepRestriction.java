package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl.SweepIntervention;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes why a rule of the service keeps a sweep from running at present, for example outside its windows.
 *
 * <p>A sweep is the part of a scan that visits one primary. A {@link SweepHold} creates the restriction.
 *
 * @param reason why the sweep must not run, as users see it
 * @param ending failure with which the sweep must end, as users see it; null if the sweep waits and continues later
 * @param until when to check again, or null if no such time is known; has no effect on a sweep that must end
 */
public record SweepRestriction(
        String reason, @Nullable String ending, @Nullable Instant until) {

    /**
     * Creates the restriction that a user or a named rule has caused.
     *
     * @param intervention who or what keeps the sweep from running, and why; part of both texts of the restriction
     * @param ends whether the sweep must end; otherwise it waits
     * @param until when to check again, or null if no such time is known
     */
    public static SweepRestriction by(SweepIntervention intervention, boolean ends, @Nullable Instant until) {
        return new SweepRestriction(
                "held " + intervention,
                ends ? "Ended " + intervention + "; the keys reclaimed so far are counted." : null,
                until);
    }

    /** Converts the restriction to a decision: an end if it has an ending, otherwise a wait. */
    SweepDecision decision() {
        return ending == null
                ? new SweepDecision.Wait(reason, until, /* requested= */ false)
                : new SweepDecision.End(ending);
    }
}
