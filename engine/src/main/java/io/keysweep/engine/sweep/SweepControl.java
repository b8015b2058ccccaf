package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Controls a running sweep: pauses, resumes, cancels and retunes it.
 *
 * <p>Safe to use from any thread, also before the sweep begins. A call takes effect after at most one step; a later
 * call replaces an earlier one of its kind.
 */
public final class SweepControl {

    private volatile boolean cancelled;
    private volatile @Nullable Intervention pause;
    private volatile @Nullable Retune retune;

    /**
     * An intervention says who did something to a sweep, and why.
     *
     * @param by the person or part of the system, in a word or two for the user
     * @param why the reason; empty if none was given
     */
    public record Intervention(String by, String why) {

        /** Returns text for the user, such as {@code by ann: nightly backup}. */
        @Override
        public String toString() {
            return why.isEmpty() ? "by " + by : "by " + by + ": " + why;
        }
    }

    /** A retune is a new pace, with who asked for it. */
    record Retune(PacePolicy pace, Intervention intervention) {}

    /** Ends the sweep after the steps that are in flight. */
    public void cancel() {
        cancelled = true;
    }

    /** Makes the sweep take a checkpoint and hold until it is resumed. The deadline still applies. */
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

    /** Returns whether the sweep was cancelled. */
    public boolean cancelled() {
        return cancelled;
    }

    /** Returns who paused the sweep, or null if it is not paused. */
    @Nullable Intervention pause() {
        return pause;
    }

    /** Returns the latest retune, or null if there was none. */
    @Nullable Retune retune() {
        return retune;
    }
}
