package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Pauses, resumes, cancels or retunes (changes the pace of) a running sweep. The caller keeps the control and passes it
 * to {@link SweepEngine#sweep}.
 *
 * <p>Safe to use from any thread, also before the sweep begins. No method waits for its effect. A cancel takes effect
 * after the step in flight, and within 50 ms while the sweep waits or holds. It does not interrupt an attempt to
 * connect.
 *
 * <p>A pause and a retune take effect after the step in flight and the delay that follows it; the delay can be seconds
 * under a very low rate ceiling. A later pause or retune replaces the earlier one. A cancel is final. {@link
 * #keepNames} is also final, and takes effect like a retune.
 */
public final class SweepControl {

    private volatile boolean cancelled;
    /** Why the sweep is paused; null if it is not paused. */
    private volatile @Nullable String pauseReason;
    /** The latest change of pace; null if there was none. */
    private volatile @Nullable Retune latestRetune;

    private volatile boolean namesStay;

    private volatile boolean assistForbidden;

    /**
     * An intervention says who paused or retuned a sweep, and why.
     *
     * @param by the user or part of the system, in a word or two, for example {@code ann}
     * @param why the reason; empty if none was given
     */
    public record SweepIntervention(String by, String why) {

        /** Returns text for the user, such as {@code by ann: nightly backup}. */
        @Override
        public String toString() {
            return why.isEmpty() ? "by " + by : "by " + by + ": " + why;
        }
    }

    /**
     * A retune is a request for a new pace.
     *
     * @param pace the new pace
     * @param intervention who asked for the pace, and why
     */
    public record Retune(PacePolicy pace, SweepIntervention intervention) {}

    /**
     * Ends the sweep after the steps that are in flight. The sweep still returns its report, with the ending CANCELLED.
     */
    public void cancel() {
        cancelled = true;
    }

    /** Makes the sweep take a checkpoint and hold (send no steps) until {@link #resume}. The deadline still applies. */
    public void pause(SweepIntervention intervention) {
        pause("paused " + intervention);
    }

    /**
     * Pauses the sweep, see {@link #pause(SweepIntervention)}.
     *
     * @param reason why the sweep sends no steps, a short sentence for the user such as {@code paused by ann: backup}
     */
    public void pause(String reason) {
        pauseReason = reason;
    }

    /** Ends a pause; does nothing if the sweep is not paused. */
    public void resume() {
        pauseReason = null;
    }

    /** Changes the pace of the sweep, also while it is paused. */
    public void retune(PacePolicy pace, SweepIntervention intervention) {
        latestRetune = new Retune(pace, intervention);
    }

    /**
     * Keeps the names of keys on the server from the next step on, until the end of the run. The sweep fails if its
     * server can be swept only by methods that send names.
     */
    public void keepNames() {
        namesStay = true;
    }

    /**
     * Forbids assist, which raises settings of the server for a while, so that the server itself removes more expired
     * keys. If assist is running, it ends within about a second and the server gets its former settings back. The sweep
     * continues. The call is final, like a cancel.
     */
    public void forbidAssist() {
        assistForbidden = true;
    }

    /** Returns whether assist must end, or must not begin. */
    public boolean assistForbidden() {
        return assistForbidden;
    }

    /**
     * Returns whether key names must never leave the server, even if the request of the sweep allows it.
     */
    public boolean namesStay() {
        return namesStay;
    }

    /** Returns whether the sweep was cancelled. */
    public boolean cancelled() {
        return cancelled;
    }

    /** Returns why the sweep is paused, a short sentence for the user, or null if it is not paused. */
    public @Nullable String pauseReason() {
        return pauseReason;
    }

    /** Returns the latest retune, or null if there was none. */
    public @Nullable Retune latestRetune() {
        return latestRetune;
    }
}
