package io.keysweep.engine.sweep;

/** The hand on a running sweep. Safe to use from any thread; takes effect within one step. */
public final class SweepControl {

    private volatile boolean cancelled;

    /** Ends the sweep after the step that runs now. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether the sweep has been told to end. */
    public boolean cancelled() {
        return cancelled;
    }
}
