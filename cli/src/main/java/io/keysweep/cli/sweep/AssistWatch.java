package io.keysweep.cli.sweep;

import io.keysweep.cli.progress.Announcements;
import io.keysweep.engine.assist.AssistListener;
import io.keysweep.engine.assist.AssistProgress;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Announces the changes of settings by assist, and collects its reports, one for each primary. Assist raises settings
 * of a server for a while, so that the server itself removes more expired keys, and then restores them. Safe to share
 * between threads.
 */
final class AssistWatch implements AssistListener {

    private final Announcements announcements;
    private final List<AssistReport> reports = new ArrayList<>();

    /** Number of keys that servers have reclaimed during assist so far, by address. */
    private final Map<String, Long> reclaimedByNode = new HashMap<>();

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
        announcements.say(AssistSummary.restoredLine(entry, settings));
    }

    @Override
    public synchronized void onProgress(AssistProgress progress) {
        reclaimedByNode.put(progress.nodeId(), progress.reclaimed());
    }

    @Override
    public synchronized void onEnded(AssistReport report) {
        reports.add(report);
        reclaimedByNode.put(report.nodeId(), report.reclaimed());
        // Only a refusal is announced now: no setting was raised, so the user has seen nothing of assist yet. Other
        // endings are in the result.
        if (report.ending() == AssistReport.AssistEnding.REFUSED) {
            announcements.say(AssistSummary.lines(report).getFirst());
        }
    }

    /** Returns how many keys all servers have reclaimed during assist so far, by their own counts. */
    synchronized long reclaimed() {
        return reclaimedByNode.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the reports so far, in the order in which assist ended. */
    synchronized List<AssistReport> reports() {
        return List.copyOf(reports);
    }
}
