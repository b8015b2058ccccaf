package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.api.text.CoverageText;
import io.keysweep.cli.shell.ServerName;
import io.keysweep.engine.sweep.SweepReport;
import java.util.ArrayList;
import java.util.List;

/** Formats the report of one primary's sweep as the text that {@code keysweep sweep} prints. */
final class SweepSummary {

    private SweepSummary() {}

    /** Returns a heading, the counts and the memory of the primary, and one line for each database. */
    static List<String> lines(SweepReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("Swept " + report.nodeId() + " (" + ServerName.of(report.profile()) + "): " + ending(report) + ".");
        lines.add("  reclaimed      " + Amounts.count(report.reclaimed(), "expired key") + " ("
                + (report.exact() ? "exact" : estimateReason(report)) + ")");
        lines.add("  visited        " + Amounts.count(report.visited(), "key") + ", "
                + Amounts.count(Amounts.keysPerSecond(report.visited(), report.elapsed())) + " keys/s");
        lines.addAll(MemorySummary.lines(report.memory()));
        lines.add("  longest stall  " + Amounts.millis(Amounts.milliseconds(report.longestStall())) + " in "
                + Amounts.count(report.steps(), "step"));
        lines.add("  method         " + report.profile().method() + ": "
                + report.profile().methodReason());
        for (DatabaseResult database : DatabaseResult.of(report)) {
            lines.add(String.format(
                    "  %-13s  visited %s, reclaimed %s%s%s",
                    "db " + database.db(),
                    Amounts.count(database.visited()),
                    Amounts.count(database.reclaimed()),
                    MemorySummary.keys(report.memory(), database.db()),
                    CoverageText.suffix(database.coverageName())));
        }
        return lines;
    }

    /**
     * Returns why the number of reclaimed keys is not exact: because of the method of all steps, or because of single
     * steps. Such a step is, for example, one whose reply was lost, or one that a failover has undone.
     */
    private static String estimateReason(SweepReport report) {
        return report.profile().method().startsWith("pipeline")
                ? "estimated: see the method"
                : "estimated: not every step could be counted for sure";
    }

    private static String ending(SweepReport report) {
        String time = Amounts.duration(report.elapsed());
        return switch (report.ending()) {
            case COMPLETED -> "done in " + time;
            case TIMED_OUT -> "timed out after " + time + ", not every key was visited";
            case CANCELLED -> "interrupted after " + time + ", not every key was visited";
            case FAILED -> "failed after " + time + ", not every key was visited";
        };
    }
}
