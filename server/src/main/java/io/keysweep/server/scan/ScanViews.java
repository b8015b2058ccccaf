package io.keysweep.server.scan;

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
import io.keysweep.server.sweep.DatabaseHistory;
import io.keysweep.server.sweep.HoldHistory;
import io.keysweep.server.sweep.RunHistory;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Builds the views of scans that the native API returns and the console shows. A view joins a scan with its
 * instructions, its holds and its interrupted runs. Thread-safe.
 */
@Component
public class ScanViews {

    private final InstructionStore instructions;
    private final HoldHistory holds;
    private final RunHistory runs;
    private final DatabaseHistory databases;
    private final ClusterReadings readings;
    private final WaitReasons waitReasons;
    private final ServiceSettings settings;

    ScanViews(
            InstructionStore instructions,
            HoldHistory holds,
            RunHistory runs,
            DatabaseHistory databases,
            ClusterReadings readings,
            WaitReasons waitReasons,
            ServiceSettings settings) {
        this.instructions = instructions;
        this.holds = holds;
        this.runs = runs;
        this.databases = databases;
        this.readings = readings;
        this.waitReasons = waitReasons;
        this.settings = settings;
    }

    /** Builds the view of one scan. */
    public ScanView of(Scan scan) {
        return of(List.of(scan)).getFirst();
    }

    /** Builds the views of several scans. A fixed number of queries reads the other data of all of them. */
    public List<ScanView> of(List<Scan> scans) {
        List<UUID> ids = scans.stream().map(Scan::id).toList();
        Map<UUID, ScanInstructions> instructionsByScan = instructions.of(ids);
        Map<UUID, List<HoldHistory.HeldFor>> held = holds.of(ids);
        Map<UUID, List<RunHistory.Interruption>> interrupted = runs.interruptions(ids);
        // A scan that waits for a worker gets its present reason. The stored reason is missing, or as old as the wait.
        Map<UUID, String> waiting = waitReasons.of(scans.stream()
                .filter(scan -> scan.state() == ScanState.WAITING && WaitReasons.isForWorker(scan.hold()))
                .map(Scan::id)
                .toList());
        Map<SweepKey, List<DatabaseView>> counted = databases.of(ids);
        Map<UUID, ClusterChange> changes = readings.of(ids);
        return scans.stream()
                .map(scan -> view(
                        scan,
                        waiting.get(scan.id()),
                        Objects.requireNonNull(instructionsByScan.get(scan.id())),
                        held.getOrDefault(scan.id(), List.of()),
                        interrupted.getOrDefault(scan.id(), List.of()),
                        counted,
                        TotalViews.totals(scan, changes.get(scan.id()), counted)))
                .toList();
    }

    private ScanView view(
            Scan scan,
            @Nullable String waitReason,
            ScanInstructions instructed,
            List<HoldHistory.HeldFor> held,
            List<RunHistory.Interruption> interrupted,
            Map<SweepKey, List<DatabaseView>> counted,
            TotalViews.Totals totals) {
        Pause pause = instructed.active() ? instructed.pause() : null;
        String hold = pause == null ? holdReason(scan, waitReason) : pause.reason();
        return new ScanView(
                scan.id().toString(),
                scan.instanceId().toString(),
                scan.state().wireName(),
                state(scan, pause, hold),
                scan.type().wireName(),
                scan.visited(),
                scan.reclaimed(),
                scan.exact(),
                scan.fraction(),
                hold,
                scan.failure(),
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
                instructed.version(),
                scan.timeout().toSeconds(),
                pace(instructed),
                pause == null ? null : pauseView(pause),
                seconds(scan.remaining()),
                totals.memory(),
                totals.databases(),
                held.stream().map(HoldHistory.HeldFor::view).toList(),
                scan.sweeps().stream()
                        .map(sweep -> sweep(sweep, interrupted, counted.getOrDefault(sweep.key(), List.of())))
                        .toList());
    }

    /**
     * Returns the state of a scan in one word. An active scan that makes no steps is paused, if a caller has paused the
     * scan itself, and otherwise held.
     */
    private static String state(Scan scan, @Nullable Pause pause, @Nullable String hold) {
        if (!scan.state().active() || hold == null) {
            return scan.state().wireName();
        }
        return pause != null && pause.scope() == Scope.SCAN ? "paused" : "held";
    }

    /** Returns why the scan makes no steps: the present reason if it waits for a worker, otherwise the stored one. */
    private static @Nullable String holdReason(Scan scan, @Nullable String waitReason) {
        return waitReason == null ? scan.hold() : waitReason;
    }

    /**
     * Converts the complete pace of a scan to its view. The profile and the rate ceiling are those that were chosen for
     * the scan.
     */
    private PaceView pace(ScanInstructions instructed) {
        PacePolicy policy = instructed.pace().over(settings.pace());
        Intervention tune = instructed.tune();
        Profile profile = instructed.pace().profile();
        return new PaceView(
                profile == null ? null : profile.wireName(),
                millis(policy.stallBudget()),
                policy.shareCeiling(),
                instructed.pace().rateCeiling(),
                tune == null ? null : tune.by(),
                tune == null ? null : tune.why());
    }

    private static PauseView pauseView(Pause pause) {
        Intervention intervention = pause.intervention();
        return new PauseView(pause.scope().wireName(), intervention.by(), intervention.why(), intervention.at());
    }

    private static SweepView sweep(
            SweepRecord sweep, List<RunHistory.Interruption> interrupted, List<DatabaseView> counted) {
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
                sweep.usedMemoryBefore(),
                TotalViews.usedMemoryAfter(sweep),
                seconds(sweep.remaining()),
                TotalViews.memory(sweep),
                counted,
                sweep.runs(),
                interrupted.stream()
                        .filter(interruption -> interruption.key().equals(sweep.key()))
                        .map(interruption -> new InterruptionView(
                                interruption.run(), interruption.at(), interruption.worker(), interruption.reason()))
                        .toList());
    }

    /** Returns a duration in milliseconds, with fractions. */
    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /** Returns a duration in whole seconds, or null if it is null. */
    private static @Nullable Long seconds(@Nullable Duration duration) {
        return duration == null ? null : (Long) duration.toSeconds();
    }
}
