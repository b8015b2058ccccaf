package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows the user how the sweep of one primary goes: receives its events and passes them to the progress display. Used
 * by the thread of the sweep.
 */
final class SweepWatch implements SweepListener {

    private final ProgressDisplay display;

    /** Counts of the sweep if it has failed after its start; otherwise null. */
    private @Nullable SweepReport failureReport;

    SweepWatch(ProgressDisplay display) {
        this.display = display;
    }

    @Override
    public void onEvent(SweepEvent event) {
        switch (event) {
            case SweepEvent.Started started -> {
                display.say(opening(started.summary()));
                display.begin(started.summary().totalKeys());
            }
            case SweepEvent.Progressed progressed -> display.update(snapshot(progressed.progress()));
            case SweepEvent.HoldBegan hold -> display.hold(hold.reason());
            case SweepEvent.Estimated estimated -> display.say(estimate(estimated));
            case SweepEvent.Retuned retuned -> display.say("Pace changed " + retuned.intervention());
            case SweepEvent.HoldEnded ended -> display.hold(/* reason= */ null);
            case SweepEvent.Checkpointed checkpointed -> {
                // A checkpoint is of no use here, because a sweep without a service is not resumed.
            }
            case SweepEvent.Failed failed -> {
                failureReport = failed.report();
                display.close();
            }
            case SweepEvent.Finished finished -> display.close();
        }
    }

    /** Returns the message for the user that the number of reclaimed keys is an estimate from now on. */
    static String estimate(SweepEvent.Estimated estimated) {
        return "From now on the number of reclaimed keys is an estimate: " + estimated.reason();
    }

    /** Returns the report of a sweep that has failed after its start; null if it has not. */
    @Nullable SweepReport failureReport() {
        return failureReport;
    }

    private static String opening(PrimarySummary inspection) {
        int databases = inspection.keys().size();
        return "Sweeping " + inspection.nodeId() + " (" + ServerName.of(inspection.profile()) + "): "
                + Amounts.count(inspection.totalKeys(), "key") + " in "
                + Amounts.count(databases, "database")
                + (inspection.usedMemory() == 0 ? "" : ", " + Amounts.bytes(inspection.usedMemory()) + " of memory")
                + skippedText(inspection);
    }

    private static String skippedText(PrimarySummary inspection) {
        return inspection.skippedDatabases().isEmpty()
                ? ""
                : "; left out, as the user may not access them: "
                        + (inspection.skippedDatabases().size() == 1 ? "database " : "databases ")
                        + inspection.skippedDatabases().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "));
    }

    /**
     * Converts progress to the form that the display shows. The result has no hold (a time without steps), since a
     * sweep on hold makes no progress.
     */
    private static ProgressSnapshot snapshot(SweepProgress progress) {
        return new ProgressSnapshot(
                progress.fraction(),
                progress.visited(),
                progress.reclaimed(),
                progress.longestStall(),
                progress.remaining(),
                slowdownReason(progress),
                /* hold= */ null);
    }

    /**
     * Returns a text such as {@code to 12 % of the server's time: …} with the reason, or null if the sweep is not
     * slowed down.
     */
    static @Nullable String slowdownReason(SweepProgress progress) {
        return progress.slowedBy() == null
                ? null
                : "to " + Amounts.percent(progress.share()) + " of the server's time: " + progress.slowedBy();
    }
}
