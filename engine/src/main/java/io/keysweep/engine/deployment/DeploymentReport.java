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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports what the sweep of all primaries of a deployment has done; {@link DeploymentSweep#run} returns it.
 *
 * <p>A cluster is swept in rounds, since its slots (the parts of its keys) can move to another primary. Each round has
 * one sweep for each primary with slots that are not covered yet.
 *
 * @param label the deployment's name in output for users
 * @param ending how the sweep ended; {@code COMPLETED} also if shards failed or slots were not covered, see
 *     {@link #success}
 * @param outcomes the sweeps of all rounds, in the order in which they ended
 * @param uncovered slots whose keys may not all have been visited: a primary served them, but none for the whole time
 *     of its sweep
 * @param unassigned slots that no primary served when the cluster was last asked
 * @param elapsed duration of the whole sweep
 * @param lost why the primaries could not be found again after a round; null if they were
 */
public record DeploymentReport(
        String label,
        Ending ending,
        List<ShardOutcome> outcomes,
        SlotSet uncovered,
        SlotSet unassigned,
        Duration elapsed,
        @Nullable NodeRefusedException lost) {

    public DeploymentReport {
        outcomes = List.copyOf(outcomes);
    }

    /** Returns whether every slot and every database was covered from start to end by one primary. */
    public boolean success() {
        return ending == Ending.COMPLETED && failures().isEmpty() && uncovered.isEmpty() && unassigned.isEmpty();
    }

    /**
     * Returns why shards (the slots of one primary) could not be swept, one exception for each, and why the primaries
     * could not be found again. Returns an empty list if all were swept.
     */
    public List<NodeRefusedException> failures() {
        return Stream.concat(outcomes.stream().map(ShardOutcome::failure), Stream.ofNullable(lost))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns the number of keys visited, over all rounds. */
    public long visited() {
        return outcomes.stream().mapToLong(ShardOutcome::visited).sum();
    }

    /** Returns the number of expired keys reclaimed, over all rounds. */
    public long reclaimed() {
        return outcomes.stream().mapToLong(ShardOutcome::reclaimed).sum();
    }

    /** Returns whether {@link #reclaimed()} is a count; if false, the number for at least one shard is an estimate. */
    public boolean exact() {
        return outcomes.stream().allMatch(ShardOutcome::exact);
    }

    /** Returns the longest time that one step kept any of the primaries busy. */
    public Duration longestStall() {
        return reports().stream()
                .map(SweepReport::longestStall)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Returns the number of orphaned keys by slot: keys on a node that does not serve their slot. */
    public SortedMap<Integer, Long> orphans() {
        SortedMap<Integer, Long> orphans = new TreeMap<>();
        // A node may have been swept in several rounds; its orphans must not be added up.
        reports().forEach(report -> report.orphans().forEach((slot, keys) -> orphans.merge(slot, keys, Long::max)));
        return orphans;
    }

    /** Returns the reports of all sweeps that were not refused. */
    public List<SweepReport> reports() {
        return outcomes.stream()
                .map(ShardOutcome::report)
                .filter(Objects::nonNull)
                .toList();
    }
}
