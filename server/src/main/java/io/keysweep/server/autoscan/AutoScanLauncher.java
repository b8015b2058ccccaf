package io.keysweep.server.autoscan;

import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.scan.InstructionWriter;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.scan.Scans;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Creates automatic scans through {@link Scans}, with the timeout and the rate ceiling of the instance's schedule.
 */
@Component
final class AutoScanLauncher implements ScanLauncher {

    private final Scans scans;
    private final InstructionWriter instructions;
    private final ServiceSettings settings;

    AutoScanLauncher(Scans scans, InstructionWriter instructions, ServiceSettings settings) {
        this.scans = scans;
        this.instructions = instructions;
        this.settings = settings;
    }

    @Override
    public boolean isScanActive(UUID instanceId) {
        return scans.exists(instanceId);
    }

    @Override
    public UUID launch(
            Instance instance,
            @Nullable AutoScanConfig config,
            Start.Cause cause,
            String reason,
            @Nullable PassLimits pass) {
        // Without a schedule, a scan can still start because memory runs short, or for a backlog target. Such a scan
        // has the timeout of manual scans.
        Duration timeout = config == null ? null : config.timeout();
        return scans.create(
                        instance,
                        ScanType.AUTO,
                        cause.originator(),
                        reason,
                        timeout == null ? settings.manualTimeout() : timeout,
                        config == null ? null : config.rateCeiling(),
                        scan -> {
                            if (pass != null) {
                                instructions.choosePace(scan.id(), PaceChange.ofShare(pass.share()));
                                instructions.limitBacklog(scan.id(), pass.backlogTarget());
                            }
                        })
                .id();
    }
}
