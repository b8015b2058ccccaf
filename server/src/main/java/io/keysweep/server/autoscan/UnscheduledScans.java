package io.keysweep.server.autoscan;

import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.scan.InstructionWriter;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.scan.Scans;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Creates automatic scans that no schedule asks for. They take timeout and rate of the automatic scan configuration, else
 * those of a manual scan.
 */
@Component
class UnscheduledScans {

    private final Scans scans;
    private final AutoScanStore configs;
    private final InstructionWriter instructions;
    private final ServiceSettings settings;

    UnscheduledScans(Scans scans, AutoScanStore configs, InstructionWriter instructions, ServiceSettings settings) {
        this.scans = scans;
        this.configs = configs;
        this.instructions = instructions;
        this.settings = settings;
    }

    /** Whether a scan of the instance is waiting or running. */
    boolean active(UUID instanceId) {
        return scans.exists(instanceId);
    }

    /** The share of a server's time that a scan has where nothing else is asked for. */
    double highestShare() {
        return settings.pace().shareCeiling();
    }

    /**
     * Creates one.
     *
     * @throws RequestRefusedException if a scan of the instance is active
     */
    UUID start(Instance instance) {
        Optional<AutoScanConfig> config = configs.find(instance.id());
        Duration timeout = config.map(AutoScanConfig::timeout).orElse(settings.manualTimeout());
        Long rateCeiling = config.map(AutoScanConfig::rateCeiling).orElse(null);
        return scans.create(instance, ScanType.AUTO, timeout, rateCeiling).id();
    }

    /** The same with a share of its own; within a transaction, so that it does not begin without. */
    UUID start(Instance instance, double share) {
        UUID id = start(instance);
        instructions.choosePace(id, new PaceChange(null, null, share, null, false));
        return id;
    }
}
