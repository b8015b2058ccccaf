package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the sweep of a deployment has done.
 *
 * @param label what people call the deployment by
 * @param ending how it ended; {@code COMPLETED} also where shards failed or slots were left, see {@link #success}
 * @param outcomes all sweeps of all rounds, in the order in which they ended
 * @param uncovered slots that were served, yet covered by no primary from start to end
 * @param unassigned slots that nobody served when the cluster was asked last
 * @param elapsed time of it all
 */
public record DeploymentReport(
        String label,
        Ending ending,
        List<ShardOutcome> outcomes,
        SlotSet uncovered,
        SlotSet unassigned,
        Duration elapsed) {

    public DeploymentReport {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether every slot and every database was covered from start to end by some primary. */
    public boolean success() {
        return ending == Ending.COMPLETED && failures().isEmpty() && uncovered.isEmpty() && unassigned.isEmpty();
    }

    /** Why shards could not be swept. */
    public List<NodeRefusedException> failures() {
        return outcomes.stream()
                .map(ShardOutcome::failure)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Keys visited, over all rounds. */
    public long visited() {
        return outcomes.stream().mapToLong(ShardOutcome::visited).sum();
    }

    /** Expired keys reclaimed, over all rounds. */
    public long reclaimed() {
        return outcomes.stream().mapToLong(ShardOutcome::reclaimed).sum();
    }

    /** Whether {@link #reclaimed()} is an exact count. */
    public boolean exact() {
        return outcomes.stream().allMatch(ShardOutcome::exact);
    }

    /** Longest step on any primary. */
    public Duration longestStall() {
        return reports().stream()
                .map(SweepReport::longestStall)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Keys of slots that the node which holds them does not serve, by slot. */
    public SortedMap<Integer, Long> orphans() {
        SortedMap<Integer, Long> orphans = new TreeMap<>();
        reports().forEach(report -> report.orphans().forEach((slot, keys) -> orphans.merge(slot, keys, Long::max)));
        return orphans;
    }

    /** The reports of the sweeps that have one. */
    public List<SweepReport> reports() {
        return outcomes.stream()
                .map(ShardOutcome::report)
                .filter(Objects::nonNull)
                .toList();
    }
}
