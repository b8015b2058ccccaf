package io.keysweep.server.scan;

import io.keysweep.api.PaceView;
import io.keysweep.api.PauseView;
import io.keysweep.api.ScanView;
import io.keysweep.api.SweepView;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.server.config.ServerSettings;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.control.OrderStore;
import io.keysweep.server.control.Orders;
import io.keysweep.server.control.Pause;
import io.keysweep.server.control.Profile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Scans as the native API shows them: what has come of them, and what they have been told. */
@Component
public class ScanViews {

    private final OrderStore orders;
    private final ServerSettings settings;

    ScanViews(OrderStore orders, ServerSettings settings) {
        this.orders = orders;
        this.settings = settings;
    }

    /** One scan. */
    public ScanView of(Scan scan) {
        return of(List.of(scan)).getFirst();
    }

    /** Several, by one query more for all of them. */
    public List<ScanView> of(List<Scan> scans) {
        Map<UUID, Orders> told = orders.of(scans.stream().map(Scan::id).toList());
        return scans.stream()
                .map(scan -> view(scan, Objects.requireNonNull(told.get(scan.id()))))
                .toList();
    }

    private ScanView view(Scan scan, Orders told) {
        Pause pause = told.active() ? told.pause() : null;
        return new ScanView(
                scan.id().toString(),
                scan.instanceId().toString(),
                scan.state().wireName(),
                scan.type().wireName(),
                scan.visited(),
                scan.reclaimed(),
                scan.exact(),
                scan.fraction(),
                pause == null ? scan.hold() : "paused " + pause.intervention(),
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
                told.version(),
                scan.timeout().toSeconds(),
                pace(told),
                pause == null ? null : pauseView(pause),
                scan.sweeps().stream().map(ScanViews::sweep).toList());
    }

    private PaceView pace(Orders told) {
        PacePolicy policy = told.pace().over(settings.pace());
        Intervention tune = told.tune();
        Profile profile = told.pace().profile();
        return new PaceView(
                profile == null ? null : profile.wireName(),
                policy.stallBudget().toNanos() / 1e6,
                policy.shareCeiling(),
                told.pace().rateCeiling(),
                tune == null ? null : tune.by(),
                tune == null ? null : tune.why());
    }

    private static PauseView pauseView(Pause pause) {
        Intervention intervention = pause.intervention();
        return new PauseView(pause.scope().wireName(), intervention.by(), intervention.why(), intervention.at());
    }

    private static SweepView sweep(SweepRecord sweep) {
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
                sweep.usedMemoryAfter());
    }

    /** Summed over the primaries; null as long as one of them is missing. */
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
