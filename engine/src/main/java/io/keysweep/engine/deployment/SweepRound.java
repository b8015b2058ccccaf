package io.keysweep.engine.deployment;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import java.util.Optional;

/**
 * Describes one round of the sweep of a deployment, in which each shard (one primary with slots to sweep) is swept
 * once.
 *
 * <p>A slot is one of the 16384 parts of the keys of a cluster. It is covered if one primary served it during the whole
 * sweep of that primary. If it moves to another primary during a round, the next round sweeps it on the primary that
 * serves it by then. {@link DeploymentSweep} plans and runs the rounds. Immutable.
 *
 * @param number 1 for the first round
 * @param shards the shards to sweep
 * @param unassigned slots that no primary serves; their keys cannot be reached
 */
public record SweepRound(int number, List<Shard> shards, SlotSet unassigned) {

    /** The largest number of rounds; slots that are not covered after the last round stay uncovered. */
    public static final int MAX_ROUNDS = 5;

    public SweepRound {
        shards = List.copyOf(shards);
    }

    /** Returns the first round, with all shards of a topology. */
    public static SweepRound first(Topology topology) {
        return new SweepRound(/* number= */ 1, topology.shards(), topology.unassigned());
    }

    /**
     * Returns the next round, which sweeps the slots that are not covered yet.
     *
     * @param topology the current topology
     * @param covered slots that any round so far has covered
     * @return empty if every slot that a primary serves is covered, or if this was the last allowed round
     */
    public Optional<SweepRound> next(Topology topology, SlotSet covered) {
        List<Shard> remainingShards = topology.shards(SlotSet.ALL.minus(covered));
        return remainingShards.isEmpty() || number == MAX_ROUNDS
                ? Optional.empty()
                : Optional.of(new SweepRound(number + 1, remainingShards, topology.unassigned()));
    }
}
