package io.keysweep.cli.sweep;

import io.keysweep.cli.progress.Announcements;
import io.keysweep.engine.assist.AssistListener;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Announces the changes of settings by assist, and collects its reports, one for each primary. Assist raises settings
 * of a server for a while, so that the server itself removes more expired keys, and then restores them. Safe to share
 * between threads.
 */
final class AssistWatch implements AssistListener {

    private final Announcements announcements;
    private final List<AssistReport> reports = new ArrayList<>();

    AssistWatch(Announcements announcements) {
        this.announcements = announcements;
    }

    @Override
    public void onRaised(String nodeId, List<SettingChange> changes) {
        announcements.say("Assist on " + nodeId + " sets "
                + changes.stream().map(SettingChange::toString).collect(Collectors.joining(", "))
                + " for a while");
    }

    @Override
    public void onRestored(RaisedSettings entry, List<SettingOutcome> settings) {
        announcements.say(AssistSummary.leftover(entry, settings));
    }

    @Override
    public synchronized void onEnded(AssistReport report) {
        reports.add(report);
        // After any other ending, the user has seen that settings were raised, and finds the ending in the result.
        // Without this line, the user would not learn of a refusal until the end of the sweep.
        if (report.ending() == AssistReport.Ending.REFUSED) {
            announcements.say(AssistSummary.lines(report).getFirst());
        }
    }

    /** Returns the reports so far, in the order in which assist ended. */
    synchronized List<AssistReport> reports() {
        return List.copyOf(reports);
    }
}
