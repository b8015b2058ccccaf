package io.keysweep.server.scan;

import io.keysweep.api.AssistView;
import io.keysweep.api.DatabaseView;
import io.keysweep.api.InterruptionView;
import io.keysweep.api.PaceView;
import io.keysweep.api.PauseView;
import io.keysweep.api.ScanView;
import io.keysweep.api.SweepView;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.server.budget.WaitReasons;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.Pause;
import io.keysweep.server.control.Profile;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.control.Scope;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.sweep.AssistHistory;
import io.keysweep.server.sweep.DatabaseHistory;
import io.keysweep.server.sweep.HoldHistory;
import io.keysweep.server.sweep.RunHistory;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.TimelineReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Builds the views of scans that the native API returns and the console shows.
 *
 * <p>A view is the document about one scan. It joins the scan with data that is stored apart from the scan:
 *
 * <ul>
 *   <li>its instructions: pauses, a cancellation and the pace that users have chosen;
 *   <li>its holds: the times without steps (calls that visit keys), by reason;
 *   <li>whether its timeline says that it has reached its timeout;
 *   <li>the interrupted runs of its sweeps; a sweep is the part of a scan that visits one primary, and a run is the
 *       work of one worker on it;
 *   <li>the counts by database and by assist (raised settings of the servers), and the readings of a cluster's keys and
 *       memory.
 * </ul>
 *
 * <p>Thread-safe.
 */
@Component
public class ScanViews {

    private final InstructionStore instructions;
    private final HoldHistory holds;
    private final RunHistory runs;
    private final DatabaseHistory databases;
    private final AssistHistory assists;
    private final ClusterReadings readings;
    private final TimelineReader timelines;
    private final WaitReasons waitReasons;
    private final ServiceSettings settings;

    ScanViews(
            InstructionStore instructions,
            HoldHistory holds,
            RunHistory runs,
            DatabaseHistory databases,
            AssistHistory assists,
            ClusterReadings readings,
            TimelineReader timelines,
            WaitReasons waitReasons,
            ServiceSettings settings) {
        this.instructions = instructions;
        this.holds = holds;
        this.runs = runs;
        this.databases = databases;
        this.assists = assists;
        this.readings = readings;
        this.timelines = timelines;
        this.waitReasons = waitReasons;
        this.settings = settings;
    }

    /**
     * Builds the view of one scan.
     *
     * @throws RequestRefusedException if the scan was deleted since it was read
     */
    public ScanView of(Scan scan) {
        return of(List.of(scan)).stream()
                .findFirst()
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_SCAN));
    }

    /**
     * Builds the views of several scans, in their order. The number of queries does not depend on the number of scans.
     * Leaves out a scan that was deleted since it was read, because its retention time is over or its instance was
     * removed.
     */
    public List<ScanView> of(List<Scan> scans) {
        // Read all data that is stored apart from the scans.
        List<UUID> ids = scans.stream().map(Scan::id).toList();
        Map<UUID, ScanInstructions> instructionsByScan = instructions.of(ids);
        Map<UUID, List<HoldHistory.HeldFor>> holdsByScan = holds.of(ids);

        // The next queries read data that runs have written. A scan without a start time has had no run, so it is left
        // out.
        List<UUID> startedIds = scans.stream()
                .filter(scan -> scan.startedAt() != null)
                .map(Scan::id)
                .toList();
        Map<UUID, List<RunHistory.InterruptedRun>> interruptionsByScan = runs.interruptions(startedIds);

        // For a scan that waits for a worker, the reason is determined now. The stored reason may be missing. It may
        // also be outdated: it is from the beginning of the wait, and other scans have begun and ended since.
        Map<UUID, String> waitReasonByScan = waitReasons.of(scans.stream()
                .filter(scan -> scan.state() == ScanState.WAITING && WaitReasons.isWaitForWorker(scan.hold()))
                .map(Scan::id)
                .toList());
        Map<SweepKey, List<DatabaseView>> databasesBySweep = databases.of(startedIds);
        Map<SweepKey, AssistView> assistBySweep = assists.of(startedIds);
        Map<UUID, ClusterChange> changeByScan = readings.of(startedIds);
        // Only the timeline shows that a scan has reached its timeout.
        Set<UUID> expiredScans = timelines.scansWith(
                EventType.EXPIRED,
                scans.stream()
                        .filter(scan -> scan.state() == ScanState.FAILED)
                        .map(Scan::id)
                        .toList());

        // Join the data of each scan.
        return scans.stream()
                .filter(scan -> instructionsByScan.containsKey(scan.id()))
                .map(scan -> buildView(
                        scan,
                        waitReasonByScan.get(scan.id()),
                        Objects.requireNonNull(instructionsByScan.get(scan.id())),
                        expiredScans.contains(scan.id()),
                        holdsByScan.getOrDefault(scan.id(), List.of()),
                        interruptionsByScan.getOrDefault(scan.id(), List.of()),
                        databasesBySweep,
                        assistBySweep,
                        TotalViews.totals(scan, changeByScan.get(scan.id()), databasesBySweep, assistBySweep)))
                .toList();
    }

    /**
     * Builds the view of a scan from the data of this scan.
     *
     * @param waitReason why the scan waits for a worker at present, or null if it does not wait or could begin now
     * @param timedOut whether the scan has reached its timeout
     * @param databasesBySweep keys and counts by database for each sweep, also for sweeps of other scans
     * @param assistBySweep results of assist for each sweep, also for sweeps of other scans
     */
    private ScanView buildView(
            Scan scan,
            @Nullable String waitReason,
            ScanInstructions scanInstructions,
            boolean timedOut,
            List<HoldHistory.HeldFor> scanHolds,
            List<RunHistory.InterruptedRun> interruptions,
            Map<SweepKey, List<DatabaseView>> databasesBySweep,
            Map<SweepKey, AssistView> assistBySweep,
            TotalViews.Totals totals) {
        // A pause has no effect on a scan that has ended.
        Pause pause = scanInstructions.active() ? scanInstructions.pause() : null;
        String holdReason = pause == null ? holdReason(scan, waitReason) : pause.reason();
        return new ScanView(
                scan.id().toString(),
                scan.instanceId().toString(),
                scan.state().wireName(),
                state(scan, pause, holdReason),
                ScanEnding.of(scan.state(), scanInstructions.cancel() != null, timedOut)
                        .map(ScanEnding::wireName)
                        .orElse(null),
                scan.type().wireName(),
                scanInstructions.assist().wireName(),
                TotalViews.assistReclaimed(scan, assistBySweep),
                scan.visited(),
                scan.reclaimed(),
                scan.exact(),
                scan.fraction(),
                holdReason,
                scan.failure(),
                // The scan shows the method of its first sweep that has one. The view of each sweep shows its own
                // method.
                scan.sweeps().stream()
                        .map(SweepRecord::method)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                millis(scan.longestStall()),
                totals.usedMemoryBefore(),
                totals.usedMemoryAfter(),
                scan.createdAt(),
                scan.startedAt(),
                scan.finishedAt(),
                scanInstructions.version(),
                scan.timeout().toSeconds(),
                pace(scanInstructions),
                pause == null ? null : pauseView(pause),
                holdReason == null ? seconds(scan.remaining()) : null,
                totals.memory(),
                totals.databases(),
                scanHolds.stream().map(HoldHistory.HeldFor::view).toList(),
                scan.sweeps().stream()
                        .map(sweep -> sweepView(
                                sweep,
                                interruptions,
                                databasesBySweep.getOrDefault(sweep.key(), List.of()),
                                assistBySweep.get(sweep.key())))
                        .toList());
    }

    /**
     * Returns the state of a scan in one word: {@code waiting}, {@code running}, {@code paused}, {@code held}, {@code
     * success} or {@code failed}. An active scan that makes no steps is {@code paused} if a user has paused the scan
     * itself, and otherwise {@code held}.
     *
     * @param activePause pause of the scan, of its project or of all projects, or null
     * @param holdReason why the scan makes no steps; null if it makes steps, or if a worker can begin it now
     */
    private static String state(Scan scan, @Nullable Pause activePause, @Nullable String holdReason) {
        if (!scan.state().active() || holdReason == null) {
            return scan.state().wireName();
        }
        boolean isPausedItself = activePause != null && activePause.scope() == Scope.SCAN;
        return isPausedItself ? "paused" : "held";
    }

    /** Returns why the scan makes no steps: the reason of this moment if it waits for a worker, or the stored one. */
    private static @Nullable String holdReason(Scan scan, @Nullable String waitReason) {
        return waitReason == null ? scan.hold() : waitReason;
    }

    /**
     * Converts the pace of a scan to its view. The stall budget (the longest time of one step) and the share of the
     * server's time are the values that were chosen for the scan. Without a choice they come from the profile of the
     * scan, or else from the settings. The profile and the rate ceiling are null unless they were chosen for the scan.
     */
    private PaceView pace(ScanInstructions scanInstructions) {
        PacePolicy policy = scanInstructions.pace().over(settings.pace());
        Intervention tune = scanInstructions.tune();
        Profile profile = scanInstructions.pace().profile();
        return new PaceView(
                profile == null ? null : profile.wireName(),
                millis(policy.stallBudget()),
                policy.shareCeiling(),
                scanInstructions.pace().rateCeiling(),
                tune == null ? null : tune.by(),
                tune == null ? null : tune.why());
    }

    private static PauseView pauseView(Pause pause) {
        Intervention intervention = pause.intervention();
        return new PauseView(pause.scope().wireName(), intervention.by(), intervention.why(), intervention.at());
    }

    /**
     * Converts a sweep to its view.
     *
     * @param interruptions interrupted runs of all sweeps of the scan
     */
    private static SweepView sweepView(
            SweepRecord sweep,
            List<RunHistory.InterruptedRun> interruptions,
            List<DatabaseView> sweepDatabases,
            @Nullable AssistView assist) {
        return new SweepView(
                sweep.round(),
                sweep.nodeId(),
                sweep.primary(),
                sweep.slots().toString(),
                sweep.finished(),
                sweep.visited(),
                sweep.reclaimed(),
                sweep.exact(),
                sweep.fraction(),
                sweep.hold(),
                sweep.failure(),
                sweep.method(),
                millis(sweep.longestStall()),
                TotalViews.known(sweep.usedMemoryBefore()),
                TotalViews.usedMemoryAfter(sweep),
                sweep.hold() == null ? seconds(sweep.remaining()) : null,
                TotalViews.memory(sweep),
                sweepDatabases,
                sweep.runs(),
                assist,
                interruptions.stream()
                        .filter(interruption -> interruption.key().equals(sweep.key()))
                        .map(interruption -> new InterruptionView(
                                interruption.run(), interruption.at(), interruption.worker(), interruption.reason()))
                        .toList());
    }

    /** Returns a duration in milliseconds with fractions. */
    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** Returns a duration in whole seconds, rounded down; null for null. */
    private static @Nullable Long seconds(@Nullable Duration duration) {
        return duration == null ? null : (Long) duration.toSeconds();
    }
}
