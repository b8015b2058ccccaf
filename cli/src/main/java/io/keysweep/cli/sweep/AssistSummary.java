package io.keysweep.cli.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import io.keysweep.engine.assist.SettingOutcome.State;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Formats the reports of assist as the text that {@code keysweep sweep} prints. Assist raises settings of a server for
 * a while, so that the server itself removes more expired keys, and then restores them.
 */
final class AssistSummary {

    private AssistSummary() {}

    /** Returns the lines of all reports. */
    static List<String> lines(List<AssistReport> reports) {
        return reports.stream().flatMap(report -> lines(report).stream()).toList();
    }

    /** Returns the lines of all reports, and of the primaries of a cluster that could not be assisted. */
    static List<String> lines(List<AssistReport> reports, List<RefusedNode> refusedNodes) {
        return Stream.concat(
                        lines(reports).stream(), refusedNodes.stream().map(node -> "NOT ASSISTED: " + node.message()))
                .toList();
    }

    /** Returns the lines of the reports of assist, followed by the lines of the sweep. */
    static List<String> withSweep(List<AssistReport> reports, List<String> sweepLines) {
        return Stream.concat(lines(reports).stream(), sweepLines.stream()).toList();
    }

    /** Returns the lines of one report. The first line says how assist has ended. */
    static List<String> lines(AssistReport report) {
        List<String> lines = new ArrayList<>();
        if (report.ending() == AssistReport.AssistEnding.REFUSED) {
            lines.add("No assist on " + report.nodeId() + ": " + report.reason() + "."
                    + (report.settings().isEmpty() ? " No setting was changed." : ""));
        } else {
            lines.add("Assist on " + report.nodeId() + " ended after " + Amounts.duration(report.elapsed()) + ": "
                    + report.reason() + ".");
            lines.add("  reclaimed      " + Amounts.count(report.reclaimed(), "expired key")
                    + ", by the server's own expiry and its own count (" + report.counter() + ")");
            lines.add("  server time    " + Amounts.duration(report.serverBusy()) + " in "
                    + Amounts.duration(report.raisedFor()) + " at the raised settings");
            lines.add("  left           " + leftText(report));
        }
        lines.addAll(settingLines(report.settings()));
        return lines;
    }

    /** Formats how many expired keys still hold memory. */
    private static String leftText(AssistReport report) {
        Long leftKeys = report.estimatedLeft();
        Double stale = report.stalePercentAfter();
        if (leftKeys == null || stale == null) {
            return "unknown, as the server reports no estimate";
        }
        return "about " + Amounts.count(leftKeys, "expired key") + " of "
                + Amounts.count(report.volatileKeysAfter(), "key")
                + " with a TTL (" + Amounts.percent(stale / 100, 2) + "), by the server's estimate";
    }

    /**
     * Formats the outcome for the changed settings: one line if all have their former values again, otherwise one line
     * for each setting.
     */
    private static List<String> settingLines(List<SettingOutcome> settings) {
        List<String> lines = new ArrayList<>();
        if (settings.isEmpty()) {
            return lines;
        }
        if (settings.stream().allMatch(setting -> setting.state() == State.RESTORED)) {
            lines.add("  settings       the former values are back: "
                    + settings.stream()
                            .map(setting -> setting.change().name() + " "
                                    + setting.change().former())
                            .collect(Collectors.joining(", ")));
            return lines;
        }
        settings.forEach(setting -> lines.add("  settings       " + settingText(setting)));
        return lines;
    }

    private static String settingText(SettingOutcome setting) {
        SettingChange change = setting.change();
        return switch (setting.state()) {
            case RESTORED -> change.name() + " is " + change.former() + " again";
            case LEFT_TO_OTHERS ->
                "another client has set " + change.name() + " to " + setting.present() + ", so it stays "
                        + setting.present() + " (it was " + change.former() + " before assist)";
            case STILL_RAISED ->
                change.name() + " IS STILL RAISED; put it back with: " + change.restoreCommand()
                        + " (the next 'keysweep sweep' of this server does so too)";
        };
    }

    /** Returns one line with the outcome for settings that an earlier process had left raised. */
    static String restoredLine(RaisedSettings entry, List<SettingOutcome> settings) {
        return "Settings that an earlier run of Keysweep raised on " + entry.address() + " at " + entry.since() + ": "
                + settings.stream().map(AssistSummary::settingText).collect(Collectors.joining("; "));
    }
}
