package io.keysweep.server.sweep;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.assist.AssistListener;
import io.keysweep.engine.assist.AssistProgress;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import io.keysweep.server.timeline.EventType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the progress and the result of assist for a sweep, and adds events to the timeline, through the {@link
 * SweepAttempt}.
 *
 * <p>A sweep is the part of a scan that visits one primary. Assist raises settings of the server for a while, so that
 * the server itself removes more expired keys. A run is the work of one worker on the sweep. If another worker has
 * claimed the sweep, the attempt throws {@link SupersededException}. The exception ends assist, which still restores
 * the former settings. Only the thread of the sweep uses this class.
 */
final class AssistRecorder implements AssistListener {

    private static final Logger LOG = LoggerFactory.getLogger(AssistRecorder.class);

    /** The shortest time between two writes of the counts to the database. */
    private static final Duration STORE_INTERVAL = Duration.ofSeconds(1);

    private final SweepAttempt attempt;

    /** Counts of the earlier runs of the sweep, to which the counts of this run are added. */
    private AssistRows.Counts earlierRuns = AssistRows.Counts.NONE;

    /** {@code System.nanoTime()} when the counts were stored last. */
    private long storedAtNanos = System.nanoTime();

    AssistRecorder(SweepAttempt attempt) {
        this.attempt = attempt;
    }

    /** Returns whether an earlier run has completed assist. A run that was interrupted has not completed it. */
    boolean isAssistComplete() {
        return AssistRows.isAssistComplete(attempt);
    }

    /** Records that assist begins, or continues after an interruption. */
    void begin() {
        attempt.record(sweep -> {
            earlierRuns = AssistRows.begin(sweep);
            sweep.timeline()
                    .begin(
                            sweep.event(EventType.ASSISTING, /* why= */ null)
                                    .withOriginator(sweep.timeline().thisWorker()),
                            Set.of(EventType.ASSISTING));
        });
    }

    /**
     * Records that the primary is not assisted, and why.
     *
     * @param reason why the primary is not assisted, in words for users
     * @return a report with the ending {@code REFUSED} and no changes
     */
    AssistReport refuse(String nodeId, String reason) {
        AssistReport report = new AssistReport(
                nodeId,
                AssistEnding.REFUSED,
                reason,
                /* reclaimed= */ 0,
                /* counter= */ "expired_keys",
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                /* stalePercentBefore= */ null,
                /* stalePercentAfter= */ null,
                /* volatileKeysBefore= */ 0,
                /* volatileKeysAfter= */ 0,
                /* estimatedLeft= */ null,
                List.of());
        attempt.record(sweep -> {
            earlierRuns = AssistRows.begin(sweep);
            AssistRows.endUnread(sweep, report);
            addEndEvent(sweep, report, /* outcomes= */ null);
        });
        return report;
    }

    @Override
    public void onRaised(String nodeId, List<SettingChange> changes) {
        LOG.info("Assist of {} raises settings: {}", nodeId, describeChanges(changes));
    }

    /**
     * Adds an event to the timeline: whether a server has its former settings back, after a lost worker had left them
     * raised. For a server that never answers, only one event is added.
     */
    @Override
    public void onRestored(RaisedSettings entry, List<SettingOutcome> settings) {
        LOG.warn("Settings of {} that a lost worker had left raised: {}", entry.address(), outcomes(settings));
        attempt.record(sweep -> sweep.timeline()
                .addIfNew(sweep.event(EventType.SETTINGS_BACK, outcomes(settings))
                        .withOriginator(sweep.timeline().thisWorker())
                        .withDetail(entry.address() + ", raised since " + entry.since())));
    }

    @Override
    public void onProgress(AssistProgress progress) {
        if (System.nanoTime() - storedAtNanos >= STORE_INTERVAL.toNanos()) {
            attempt.record(sweep -> AssistRows.store(sweep, earlierRuns, progress));
            storedAtNanos = System.nanoTime();
        }
    }

    /**
     * Records how assist has ended in this run. The report of a cancelled run does not say what has cancelled it: a
     * pause, the end of a window (a time when sweeps may run), a stop of the service or a request.
     */
    @Override
    public void onEnded(AssistReport report) {
        LOG.info(
                "Assist of {} ended {}: {} expired keys reclaimed",
                report.nodeId(),
                report.ending(),
                report.reclaimed());
        attempt.record(sweep -> end(sweep, report));
    }

    private void end(LockedSweep sweep, AssistReport report) {
        String outcomes = report.settings().isEmpty() ? null : outcomes(report.settings());
        AssistRows.end(sweep, earlierRuns, report, outcomes);
        addEndEvent(sweep, report, outcomes);
    }

    /**
     * Adds to the timeline that assist has ended.
     *
     * @param outcomes what has become of the settings; null if none was changed
     */
    private static void addEndEvent(LockedSweep sweep, AssistReport report, @Nullable String outcomes) {
        sweep.closeEvents(Set.of(EventType.ASSISTING));
        sweep.timeline()
                .add(sweep.event(EventType.ASSISTED, report.reason())
                        .withOriginator(sweep.timeline().thisWorker())
                        .withDetail(Amounts.count(report.reclaimed(), "expired key")
                                + " reclaimed by the server's own count (" + report.counter() + ")"
                                + (outcomes == null ? "" : "; settings: " + outcomes)));
    }

    private static String describeChanges(List<SettingChange> changes) {
        return changes.stream().map(SettingChange::toString).collect(Collectors.joining(", "));
    }

    /**
     * Describes what has become of settings, such as {@code hz 10 is back, active-expire-effort may still be 10
     * (before: 1)}.
     */
    static String outcomes(List<SettingOutcome> settings) {
        return settings.stream().map(AssistRecorder::outcome).collect(Collectors.joining(", "));
    }

    private static String outcome(SettingOutcome setting) {
        SettingChange change = setting.change();
        return switch (setting.state()) {
            case RESTORED -> change.name() + " " + change.former() + " is back";
            case LEFT_TO_OTHERS -> change.name() + " was set to " + setting.present() + " by another client";
            case STILL_RAISED ->
                change.name() + " may still be " + change.raised() + " (before: " + change.former() + ")";
        };
    }
}
