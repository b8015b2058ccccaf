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
 * Checks requested paces against the ceilings of an instance, and lowers the stored pace of its scans to them.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. The stored pace is lowered for views,
 * reports and budgets. What enforces the ceilings is the worker, which lowers the pace of each running sweep. A sweep
 * therefore never exceeds its ceilings, even if a ceiling changes while the sweep starts. Thread-safe.
 */
@Component
class ScanCeilings {

    private final CeilingFinder finder;
    private final InstructionStore instructions;
    private final InstructionWriter writer;
    private final Timeline timeline;
    private final PacePolicy settingsPace;

    ScanCeilings(
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
    void requireWithinCeilings(UUID instanceId, PaceChange requested) {
        if (!requested.changesNothing()) {
            finder.find(instanceId).requireWithin(requested);
        }
    }

    /**
     * Checks that the instance and its ceilings allow the requested use of assist (raised settings of the server).
     *
     * @param requested requested mode, or null if the request names none
     * @throws io.keysweep.server.error.RequestRefusedException if assist is requested and not allowed
     */
    void requireAssistAllowed(Instance instance, @Nullable AssistMode requested) {
        if (requested != null && requested != AssistMode.NONE) {
            finder.find(instance.id()).requireAssistAllowed(requested, instance.assist());
        }
    }

    /**
     * Returns all ceilings of an instance, for {@link #assistIfAllowed}, {@link #strictestRate} and {@link
     * #applyToNew}. A new scan is thus prepared with one state of the ceilings.
     */
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
     * Returns the lower of two rate ceilings: the one of a scan and the one of its instance. Returns null if neither
     * exists.
     *
     * @param rateCeiling maximum number of keys per second of the scan, or null for none
     */
    static @Nullable Long strictestRate(Ceilings ceilings, @Nullable Long rateCeiling) {
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
     * Lowers the pace of a scan that was just tuned, because a new profile may have a share above a ceiling. Must be
     * called in the transaction that tunes the scan, after it has raised the version of the scan's instructions.
     */
    void applyToTuned(UUID scanId) {
        instructions
                .find(scanId)
                .ifPresent(scan -> lower(scan, finder.find(scan.instanceId()), /* raisesVersion= */ false));
    }

    /**
     * Lowers the stored pace of an active scan where it is above the ceilings.
     *
     * @param scan the instructions of the scan, which contain its pace
     * @param ceilings all ceilings of the scan's instance
     * @param raisesVersion whether the version of the instructions rises, see {@link InstructionWriter#lower}
     */
    void lower(ScanInstructions scan, Ceilings ceilings, boolean raisesVersion) {
        PacePolicy storedPace = scan.pace().over(settingsPace);
        PacePolicy loweredPace = scan.applicableCeilings(ceilings).lower(storedPace);
        OptionalLong rate = loweredPace.rateCeiling();
        PaceChange change = new PaceChange(
                /* profile= */ null,
                loweredPace.stallBudget().equals(storedPace.stallBudget()) ? null : loweredPace.stallBudget(),
                loweredPace.shareCeiling() == storedPace.shareCeiling() ? null : (Double) loweredPace.shareCeiling(),
                rate.equals(storedPace.rateCeiling()) ? null : (Long) rate.getAsLong(),
                /* withoutRateCeiling= */ false);
        if (!change.changesNothing()) {
            writer.lower(scan.scanId(), change, raisesVersion);
        }
    }
}
