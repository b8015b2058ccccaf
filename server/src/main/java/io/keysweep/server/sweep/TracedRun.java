package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.server.tracing.RunSpan;

/**
 * Records the phases of a run in its trace: connecting, sending steps (calls that visit keys), and each hold (a time
 * without steps).
 *
 * <p>A run is the work of one worker on a sweep (the part of a scan that visits one primary). Its progress and
 * checkpoints are not recorded, so that a trace remains small and steps cost nothing. Only the thread of the sweep uses
 * this class.
 */
final class TracedRun implements SweepListener {

    private static final String STEPS = "steps";

    private final RunSpan span;
    private final SweepListener next;

    /** Begins the first phase, connecting. */
    TracedRun(RunSpan span, SweepListener next) {
        this.span = span;
        this.next = next;
        span.beginPhase("connect", "");
    }

    @Override
    public void onEvent(SweepEvent event) {
        switch (event) {
            case SweepEvent.Started e -> span.beginPhase(STEPS, "");
            case SweepEvent.HoldBegan e -> span.beginPhase("hold", e.reason());
            case SweepEvent.HoldEnded e -> span.beginPhase(STEPS, "");
            case SweepEvent.Failed e -> describe(e.report());
            case SweepEvent.Finished e -> describe(e.report());
            case SweepEvent.Progressed e -> {}
            case SweepEvent.Checkpointed e -> {}
            case SweepEvent.Retuned e -> {}
            case SweepEvent.Estimated e -> {}
        }
        next.onEvent(event);
    }

    private void describe(SweepReport report) {
        span.attribute("keysweep.ending", report.ending().name());
        span.attribute("keysweep.visited", Long.toString(report.visited()));
        span.attribute("keysweep.reclaimed", Long.toString(report.reclaimed()));
    }
}
