package io.keysweep.server.scan;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.ScanInstructions;
import java.util.OptionalDouble;
import org.springframework.stereotype.Component;

/**
 * Determines how long callers may wait for a server before the sweeps of a scan slow down, for the charts of scans.
 *
 * <p>The limit comes from the profile of the scan, otherwise from the pace of the settings. The ceilings of the
 * instance, the highest values that are allowed, can lower it. A worker applies both in the same way to its sweeps.
 * Thread-safe.
 */
@Component
public class LatencyLimits {

    private final InstructionStore instructions;
    private final CeilingFinder ceilings;
    private final PacePolicy settingsPace;

    LatencyLimits(InstructionStore instructions, CeilingFinder ceilings, ServiceSettings settings) {
        this.instructions = instructions;
        this.ceilings = ceilings;
        this.settingsPace = settings.pace();
    }

    /**
     * Returns the callers' wait in milliseconds above which the sweeps of a scan slow down, with the current ceilings.
     * Returns empty if no wait slows the sweeps down, or if the scan was deleted.
     */
    public OptionalDouble slowdownMillis(Scan scan) {
        ScanInstructions present = instructions.find(scan.id()).orElse(null);
        if (present == null) {
            return OptionalDouble.empty();
        }
        Ceilings applicable = present.applicable(ceilings.find(scan.instanceId()));
        double soft = applicable
                .lower(present.pace().over(settingsPace))
                .limits()
                .of(Signal.LATENCY)
                .soft();
        return soft == Limit.OFF ? OptionalDouble.empty() : OptionalDouble.of(soft);
    }
}
