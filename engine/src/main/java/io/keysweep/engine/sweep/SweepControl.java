package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import org.jspecify.annotations.Nullable;

/**
 * The hand on a running sweep. Safe to use from any thread, before the sweep begins too; takes effect within one step.
 * What was asked for last counts.
 */
public final class SweepControl {

    private volatile boolean cancelled;
    private volatile @Nullable Intervention pause;
    private volatile @Nullable Retune retune;

    /**
     * Who did something to a sweep, and why.
     *
     * @param by who, in a word or two; shown to people
     * @param why the reason; empty if none was given
     */
    public record Intervention(String by, String why) {

        /** For people: {@code by ann: nightly backup}. */
        @Override
        public String toString() {
            return why.isEmpty() ? "by " + by : "by " + by + ": " + why;
        }
    }

    /** A new pace, and who gave it. */
    record Retune(PacePolicy pace, Intervention intervention) {}

    /** Ends the sweep after the steps that are on their way. */
    public void cancel() {
        cancelled = true;
    }

    /** Makes the sweep hold, at a checkpoint, until it is resumed; the deadline goes on. */
    public void pause(Intervention intervention) {
        pause = intervention;
    }

    /** Ends a pause. */
    public void resume() {
        pause = null;
    }

    /** Changes the pace, also of a sweep that is paused. */
    public void retune(PacePolicy pace, Intervention intervention) {
        retune = new Retune(pace, intervention);
    }

    /** Whether the sweep has been told to end. */
    public boolean cancelled() {
        return cancelled;
    }

    /** Why the sweep is to hold, or null. */
    @Nullable Intervention pause() {
        return pause;
    }

    /** The pace that was asked for last, or null. */
    @Nullable Retune retune() {
        return retune;
    }
}
