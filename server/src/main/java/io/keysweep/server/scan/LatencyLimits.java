package io.keysweep.server.scan;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.TimelineReader;
import java.util.OptionalDouble;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Determines how long clients of a server may wait for it before the sweeps of a scan slow down, for the charts of
 * scans.
 *
 * <p>The limit comes from the profile of the scan, or, if the scan has none, from {@code scan.profile} in the settings.
 * The ceilings of the instance can lower it. A worker applies the same rules to its sweeps. For a scan that has ended,
 * the ceilings are the last ones in its timeline. Thread-safe.
 */
@Component
public class LatencyLimits {

    private final InstructionStore instructions;
    private final CeilingFinder ceilings;
    private final TimelineReader timelines;
    private final PacePolicy settingsPace;

    LatencyLimits(
            InstructionStore instructions, CeilingFinder ceilings, TimelineReader timelines, ServiceSettings settings) {
        this.instructions = instructions;
        this.ceilings = ceilings;
        this.timelines = timelines;
        this.settingsPace = settings.pace();
    }

    /**
     * Returns the wait in milliseconds above which the sweeps of a scan slow down. For a scan that has ended, returns
     * the last such value. Returns empty if no limit of latency applies, or if the scan was deleted.
     */
    public OptionalDouble slowdownMillis(Scan scan) {
        ScanInstructions scanInstructions = instructions.find(scan.id()).orElse(null);
        if (scanInstructions == null) {
            return OptionalDouble.empty();
        }
        Ceilings instanceCeilings =
                scanInstructions.active() ? ceilings.find(scan.instanceId()) : recordedCeilings(scan.id());
        double soft = scanInstructions
                .applicableCeilings(instanceCeilings)
                .lower(scanInstructions.pace().over(settingsPace))
                .limits()
                .of(Signal.LATENCY)
                .soft();
        return soft == Limit.OFF ? OptionalDouble.empty() : OptionalDouble.of(soft);
    }

    /** Returns the latency limits among the ceilings that the timeline of an ended scan recorded last. */
    private Ceilings recordedCeilings(UUID scanId) {
        return timelines
                .lastDetail(scanId, EventType.CEILINGS)
                .map(Ceilings::latencyIn)
                .orElse(Ceilings.NONE);
    }
}
