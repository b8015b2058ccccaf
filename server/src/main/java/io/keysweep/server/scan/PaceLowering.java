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
 * Lowers the stored pace of scans to the ceilings of their instances, no matter how the scans were created or tuned.
 *
 * <p>A ceiling is a value of the pace that no scan of an instance may exceed. Views, reports and budgets show the
 * stored pace. A worker also lowers the pace of its own sweeps. A sweep is therefore never faster than its ceilings,
 * even if they change at the same moment. Thread-safe.
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
     * Checks that no part of a requested pace is above a ceiling of the instance.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if a part is above a ceiling
     */
    void require(UUID instanceId, PaceChange requested) {
        if (!requested.empty()) {
            finder.find(instanceId).require(requested);
        }
    }

    /**
     * Checks that the instance and its ceilings allow the requested use of assist (raised settings of the server).
     *
     * @param requested requested mode, or null if the request names none
     * @throws io.keysweep.server.error.RequestRefusedException if assist is requested and not allowed
     */
    void requireAssist(Instance instance, @Nullable AssistMode requested) {
        if (requested != null && requested != AssistMode.NONE) {
            finder.find(instance.id()).requireAssist(requested, instance.assist());
        }
    }

    /** Returns all ceilings of an instance, for the methods here that prepare a new scan. */
    Ceilings ceilingsOf(UUID instanceId) {
        return finder.find(instanceId);
    }

    /**
     * Makes a new scan assist before its sweeps if its instance allows assist. Must be called in the transaction that
     * creates the scan.
     */
    void assistIfAllowed(Scan scan, Instance instance, Ceilings ceilings) {
        if (ceilings.allowAssist(instance.assist())) {
            writer.chooseAssist(scan.id(), AssistMode.BEFORE);
        }
    }

    /**
     * Returns the lower one of the rate ceilings of a scan and of its instance. Returns null if neither has one.
     *
     * @param rateCeiling maximum number of keys per second of the scan, or null for none
     */
    static @Nullable Long lowerRate(Ceilings ceilings, @Nullable Long rateCeiling) {
        Ceilings.Tightest<Long> ceiling = ceilings.rate();
        if (ceiling == null) {
            return rateCeiling;
        }
        return rateCeiling == null ? ceiling.value() : (Long) Math.min(rateCeiling, ceiling.value());
    }

    /**
     * Lowers the pace of a new scan, and adds its ceilings to its timeline. Does nothing if there are no ceilings. Must
     * be called in the transaction that creates the scan.
     */
    void applyToNew(Scan scan, Ceilings ceilings) {
        if (!ceilings.inForce().isEmpty()) {
            lower(instructions.find(scan.id()).orElseThrow(), ceilings, /* raisesVersion= */ false);
            timeline.add(
                    TimelineEvent.of(scan.id(), EventType.CEILINGS, scan.createdAt(), /* by= */ null, /* why= */ null)
                            .withDetail(ceilings.description()));
        }
    }

    /**
     * Lowers the pace of a scan that was tuned, because the new profile can have a share above a ceiling. Must be
     * called in the transaction that tunes the scan and that has already raised the version of its instructions.
     */
    void applyToTuned(UUID scanId) {
        instructions
                .find(scanId)
                .ifPresent(tuned -> lower(tuned, finder.find(tuned.instanceId()), /* raisesVersion= */ false));
    }

    /**
     * Lowers the stored pace of an active scan where it is above the ceilings.
     *
     * @param ceilings all ceilings of the scan's instance
     * @param raisesVersion whether the version of the instructions rises, see {@link InstructionWriter#lower}
     */
    void lower(ScanInstructions scan, Ceilings ceilings, boolean raisesVersion) {
        PacePolicy present = scan.pace().over(settingsPace);
        PacePolicy lowered = scan.applicable(ceilings).lower(present);
        OptionalLong rate = lowered.rateCeiling();
        PaceChange change = new PaceChange(
                /* profile= */ null,
                lowered.stallBudget().equals(present.stallBudget()) ? null : lowered.stallBudget(),
                lowered.shareCeiling() == present.shareCeiling() ? null : (Double) lowered.shareCeiling(),
                rate.equals(present.rateCeiling()) ? null : (Long) rate.getAsLong(),
                /* withoutRateCeiling= */ false);
        if (!change.empty()) {
            writer.lower(scan.scanId(), change, raisesVersion);
        }
    }
}
