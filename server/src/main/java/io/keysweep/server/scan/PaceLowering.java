package io.keysweep.server.scan;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.control.AssistMode;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Holds the stored pace of scans below the ceilings of their instances, whatever has created or tuned them.
 *
 * <p>The stored pace is what views, reports and budgets show. A worker lowers the pace of its sweeps by itself too, so
 * no sweep is faster if ceilings change at the same moment. Thread-safe.
 */
@Component
class PaceLowering {

    private final CeilingFinder finder;
    private final InstructionStore instructions;
    private final InstructionWriter writer;
    private final Timeline timeline;
    private final PacePolicy settingsPace;

    PaceLowering(
            CeilingFinder finder,
            InstructionStore instructions,
            InstructionWriter writer,
            Timeline timeline,
            ServiceSettings settings) {
        this.finder = finder;
        this.instructions = instructions;
        this.writer = writer;
        this.timeline = timeline;
        this.settingsPace = settings.pace();
    }

    /**
     * Requires that no part of a requested pace is above a ceiling of the instance.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if one is
     */
    void require(UUID instanceId, PaceChange requested) {
        finder.find(instanceId).require(requested);
    }

    /**
     * Requires that the instance allows what a request asks of assist.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if it does not
     */
    void requireAssist(Instance instance, @Nullable AssistMode requested) {
        finder.find(instance.id()).requireAssist(requested, instance.assist());
    }

    /** Lets a scan that the same transaction has created assist before its sweeps, if its instance allows that. */
    void allowAssist(Scan scan, Instance instance) {
        if (finder.find(instance.id()).allowAssist(instance.assist())) {
            writer.chooseAssist(scan.id(), AssistMode.BEFORE);
        }
    }

    /** Returns the lower one of a rate ceiling and that of the instance; null if there is neither. */
    @Nullable Long lowerRate(UUID instanceId, @Nullable Long rateCeiling) {
        Ceilings.Tightest<Long> ceiling = finder.find(instanceId).rate();
        if (ceiling == null) {
            return rateCeiling;
        }
        return rateCeiling == null ? ceiling.value() : (Long) Math.min(rateCeiling, ceiling.value());
    }

    /**
     * Lowers the pace of a scan that the same transaction has created, and adds the ceilings to its timeline. Does
     * nothing if there are none.
     */
    void applyToNew(Scan scan) {
        Ceilings ceilings = finder.find(scan.instanceId());
        if (!ceilings.inForce().isEmpty()) {
            lower(instructions.find(scan.id()).orElseThrow(), ceilings, /* raisesVersion= */ false);
            timeline.add(TimelineEvent.of(scan.id(), EventType.CEILINGS, scan.createdAt(), null, null)
                    .withDetail(ceilings.description()));
        }
    }

    /** Lowers the pace of a scan that the same transaction has tuned: a profile may bring a share above a ceiling. */
    void applyToTuned(UUID scanId) {
        instructions
                .find(scanId)
                .ifPresent(tuned -> lower(tuned, finder.find(tuned.instanceId()), /* raisesVersion= */ false));
    }

    /** Lowers the stored pace of an active scan where it is above the ceilings. */
    void lower(ScanInstructions scan, Ceilings ceilings, boolean raisesVersion) {
        PacePolicy own = scan.pace().over(settingsPace);
        PacePolicy lowered = scan.held(ceilings).lower(own);
        OptionalLong rate = lowered.rateCeiling();
        PaceChange change = new PaceChange(
                /* profile= */ null,
                lowered.stallBudget().equals(own.stallBudget()) ? null : lowered.stallBudget(),
                lowered.shareCeiling() == own.shareCeiling() ? null : (Double) lowered.shareCeiling(),
                rate.equals(own.rateCeiling()) ? null : (Long) rate.getAsLong(),
                /* withoutRateCeiling= */ false);
        if (!change.empty()) {
            writer.lower(scan.scanId(), change, raisesVersion);
        }
    }
}
