package io.keysweep.server.scan;

import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.ScanInstructions;
import io.keysweep.server.instance.InstanceTagged;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import io.keysweep.server.timeline.TimelineReader;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Lowers the pace of active scans when ceilings change, and adds the new ceilings to the timelines of these scans.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. The ceilings of an instance change with
 * the policies of its project and its own, and with its tags. The paces and the timelines are changed in the transaction
 * of that change. If the ceiling is raised later, a scan keeps its lowered pace until a
 * user tunes the scan (changes its pace). Thread-safe.
 */
@Component
class CeilingChanges {

    /** The detail of an event about a scan without ceilings. */
    private static final String NO_CEILINGS = "none";

    private final InstructionStore instructions;
    private final CeilingFinder finder;
    private final PolicyStore policies;
    private final ScanCeilings scanCeilings;
    private final Timeline timeline;
    private final TimelineReader timelines;
    private final InstantSource clock;

    CeilingChanges(
            InstructionStore instructions,
            CeilingFinder finder,
            PolicyStore policies,
            ScanCeilings scanCeilings,
            Timeline timeline,
            TimelineReader timelines,
            InstantSource clock) {
        this.instructions = instructions;
        this.finder = finder;
        this.policies = policies;
        this.scanCeilings = scanCeilings;
        this.timeline = timeline;
        this.timelines = timelines;
        this.clock = clock;
    }

    /**
     * Applies a change of ceilings to the active scans of the project or instance. Ignores changes of other policies.
     */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void onChange(PolicyChanged change) {
        if (change.kind() != PolicyKind.CEILINGS) {
            return;
        }
        // The value is null if this change has removed the ceilings; the audit log names who removed them.
        String setBy = policies.findOwn(PolicyKind.CEILINGS, new PolicyOwner(change.projectId(), change.instanceId()))
                .map(Policy::setBy)
                .orElse(null);
        apply(change.projectId(), change.instanceId(), setBy);
    }

    /**
     * Applies the ceilings of the new tags of an instance to its active scan. The audit log names who has changed the
     * tags.
     */
    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void onTags(InstanceTagged change) {
        apply(change.projectId(), change.instanceId(), /* setBy= */ null);
    }

    /**
     * Applies the present ceilings to active scans whose ceilings differ from the last ones in the timeline.
     *
     * @param instanceId only scans of this instance, or null for all instances of the project
     * @param setBy who has changed the ceilings, or null
     */
    private void apply(String projectId, @Nullable UUID instanceId, @Nullable String setBy) {
        Map<UUID, ScanInstructions> activeScans = instructions.ofActive(projectId, instanceId);
        Map<UUID, Ceilings> ceilings = finder.find(
                activeScans.values().stream().map(ScanInstructions::instanceId).toList());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        activeScans.values().forEach(scan -> {
            Ceilings newCeilings = ceilings.getOrDefault(scan.instanceId(), Ceilings.NONE);
            String description = newCeilings.inForce().isEmpty() ? NO_CEILINGS : newCeilings.description();
            if (!description.equals(
                    timelines.lastDetail(scan.scanId(), EventType.CEILINGS).orElse(NO_CEILINGS))) {
                scanCeilings.lower(scan, newCeilings, /* raisesVersion= */ true);
                timeline.add(TimelineEvent.of(scan.scanId(), EventType.CEILINGS, now, setBy, /* why= */ null)
                        .withDetail(description));
            }
        });
    }
}
