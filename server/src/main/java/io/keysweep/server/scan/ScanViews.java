package io.keysweep.server.scan;

import io.keysweep.api.InterruptionView;
import io.keysweep.api.MemoryView;
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
import io.keysweep.server.sweep.HoldHistory;
import io.keysweep.server.sweep.RunHistory;
import io.keysweep.server.sweep.SweepMemory;
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
    private final WaitReasons waitReasons;
    private final ServiceSettings settings;

    ScanViews(
            InstructionStore instructions,
            HoldHistory holds,
            RunHistory runs,
            WaitReasons waitReasons,
            ServiceSettings settings) {
        this.instructions = instructions;
        this.holds = holds;
        this.runs = runs;
        this.waitReasons = waitReasons;
        this.settings = settings;
    }

    /** Builds the view of one scan. */
    public ScanView of(Scan scan) {
        return of(List.of(scan)).getFirst();
    }

    /**
     * Builds the views of several scans. Three queries read the other data of all of them, and three more the reasons of
     * those that wait.
     */
    public List<ScanView> of(List<Scan> scans) {
        List<UUID> ids = scans.stream().map(Scan::id).toList();
        Map<UUID, ScanInstructions> found = instructions.of(ids);
        Map<UUID, List<HoldHistory.HeldFor>> held = holds.of(ids);
        Map<UUID, List<RunHistory.Interruption>> interrupted = runs.interruptions(ids);
        // What is recorded of a scan that waits for a worker is either nothing, or how many ran when it began to wait.
        Map<UUID, String> waiting = waitReasons.of(scans.stream()
                .filter(scan -> scan.state() == ScanState.WAITING && WaitReasons.isForWorker(scan.hold()))
                .map(Scan::id)
                .toList());
        return scans.stream()
                .map(scan -> view(
                        scan,
                        waiting.get(scan.id()),
                        Objects.requireNonNull(found.get(scan.id())),
                        held.getOrDefault(scan.id(), List.of()),
                        interrupted.getOrDefault(scan.id(), List.of())))
                .toList();
    }

    private ScanView view(
            Scan scan,
            @Nullable String waitReason,
            ScanInstructions instructed,
            List<HoldHistory.HeldFor> held,
            List<RunHistory.Interruption> interrupted) {
        Pause pause = instructed.active() ? instructed.pause() : null;
        return new ScanView(
                scan.id().toString(),
                scan.instanceId().toString(),
                scan.state().wireName(),
                scan.type().wireName(),
                scan.visited(),
                scan.reclaimed(),
                scan.exact(),
                scan.fraction(),
                pause == null ? holdReason(scan, waitReason) : "paused " + pause.intervention(),
                scan.failure(),
                scan.sweeps().stream()
                        .map(SweepRecord::method)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                scan.longestStall().toNanos() / 1e6,
                memory(scan, /* before= */ true),
                memory(scan, /* before= */ false),
                scan.createdAt(),
                scan.startedAt(),
                scan.finishedAt(),
                instructed.version(),
                scan.timeout().toSeconds(),
                pace(instructed),
                pause == null ? null : pauseView(pause),
                seconds(scan.remaining()),
                memory(
                        SweepMemory.over(
                                scan.sweeps().stream().map(SweepRecord::memory).toList()),
                        scan.sweeps().stream().mapToInt(SweepRecord::runs).sum()),
                held.stream().map(HoldHistory.HeldFor::view).toList(),
                scan.sweeps().stream().map(sweep -> sweep(sweep, interrupted)).toList());
    }

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
                policy.stallBudget().toNanos() / 1e6,
                policy.shareCeiling(),
                instructed.pace().rateCeiling(),
                tune == null ? null : tune.by(),
                tune == null ? null : tune.why());
    }

    private static PauseView pauseView(Pause pause) {
        Intervention intervention = pause.intervention();
        return new PauseView(pause.scope().wireName(), intervention.by(), intervention.why(), intervention.at());
    }

    private static SweepView sweep(SweepRecord sweep, List<RunHistory.Interruption> interrupted) {
        return new SweepView(
                sweep.round(),
                sweep.nodeId(),
                sweep.slots().toString(),
                sweep.finished(),
                sweep.visited(),
                sweep.reclaimed(),
                sweep.exact(),
                sweep.fraction(),
                sweep.hold(),
                sweep.failure(),
                sweep.method(),
                sweep.longestStall().toNanos() / 1e6,
                sweep.usedMemoryBefore(),
                sweep.usedMemoryAfter(),
                seconds(sweep.remaining()),
                memory(sweep.memory(), sweep.runs()),
                sweep.runs(),
                interrupted.stream()
                        .filter(interruption -> interruption.key().equals(sweep.key()))
                        .map(interruption -> new InterruptionView(
                                interruption.run(), interruption.at(), interruption.worker(), interruption.reason()))
                        .toList());
    }

    /**
     * Converts the change of memory to its view.
     *
     * @param runs number of runs that were begun, of which the estimate may leave some out
     */
    private static MemoryView memory(SweepMemory memory, int runs) {
        return new MemoryView(
                memory.reclaimedBytes(),
                memory.method() == null ? null : memory.method().name(),
                memory.explanation(runs),
                memory.rssBefore(),
                memory.rssAfter(),
                memory.keysBefore(),
                memory.keysAfter(),
                memory.expiresBefore(),
                memory.expiresAfter(),
                memory.inflow(),
                memory.expiredElsewhere(),
                memory.evicted());
    }

    private static @Nullable Long seconds(@Nullable Duration duration) {
        return duration == null ? null : (Long) duration.toSeconds();
    }

    /** Returns the used memory of all primaries together in bytes, or null if the figure of one primary is missing. */
    private static @Nullable Long memory(Scan scan, boolean before) {
        long sum = 0;
        for (SweepRecord sweep : scan.sweeps()) {
            Long bytes = before ? sweep.usedMemoryBefore() : sweep.usedMemoryAfter();
            if (bytes == null) {
                return null;
            }
            sum += bytes;
        }
        return sum;
    }
}
