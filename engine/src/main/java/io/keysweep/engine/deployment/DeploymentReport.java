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
 * Reports the result of sweeping all primaries of a deployment; {@link DeploymentSweep#run} returns it.
 *
 * <p>A cluster is swept in rounds, since its slots (the 16384 parts of its keys) can move to another primary. A shard
 * is one primary with the slots to sweep there. Each round has one sweep for each primary with slots that are not
 * covered yet. A slot is covered if one primary served it from the start to the end of a complete sweep. Outside a
 * cluster, the only primary has all slots.
 *
 * @param label the deployment's name in output for users
 * @param ending {@code CANCELLED} or {@code TIMED_OUT} if a sweep ended in this way or could not begin any more,
 *     otherwise {@code COMPLETED}; {@link #success} says whether all went well
 * @param outcomes the sweeps of all rounds that have begun, in the order in which they ended
 * @param uncovered slots that a primary serves but no sweep has covered, so that expired keys may be left in them
 * @param unassigned slots that no primary served when the cluster last answered; their keys cannot be reached
 * @param elapsed the duration of the whole sweep
 * @param topologyFailure why the primaries could not be found again after a round; null if they were
 */
public record DeploymentReport(
        String label,
        Ending ending,
        List<ShardOutcome> outcomes,
        SlotSet uncovered,
        SlotSet unassigned,
        Duration elapsed,
        @Nullable NodeRefusedException topologyFailure) {

    public DeploymentReport {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * Returns whether every slot and every database was covered. The result is false if any sweep failed or
     * ended early, or if a slot has no primary.
     */
    public boolean success() {
        return ending == Ending.COMPLETED && failures().isEmpty() && uncovered.isEmpty() && unassigned.isEmpty();
    }

    /**
     * Returns why shards could not be swept, one exception for each, followed by the reason why the primaries could not
     * be found again. A shard whose slots have all moved to other primaries has not failed. The list is empty if
     * nothing failed.
     */
    public List<NodeRefusedException> failures() {
        return Stream.concat(outcomes.stream().map(ShardOutcome::failure), Stream.ofNullable(topologyFailure))
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

    /**
     * Returns the longest time that one step kept any of the primaries busy.
     * Failed sweeps have no report and are left out; zero if no sweep has a report.
     */
    public Duration longestStall() {
        return reports().stream()
                .map(SweepReport::longestStall)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Returns the number of orphans by slot: keys on a node that does not serve their slot. */
    public SortedMap<Integer, Long> orphans() {
        SortedMap<Integer, Long> orphans = new TreeMap<>();
        // A node that was swept in several rounds reports the same orphans each time, so they must not be added up.
        reports().forEach(report -> report.orphans().forEach((slot, keys) -> orphans.merge(slot, keys, Long::max)));
        return orphans;
    }

    /** Returns the reports of the sweeps that did not fail, in the order in which they ended. */
    public List<SweepReport> reports() {
        return outcomes.stream()
                .map(ShardOutcome::report)
                .filter(Objects::nonNull)
                .toList();
    }
}
