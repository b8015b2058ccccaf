package io.keysweep.engine.deployment;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import java.util.Optional;

/**
 * What is to be swept next: each shard once. Slots that moved while they were swept are the next round's, where they are
 * served by then. Immutable; safe to share.
 *
 * @param number 1 for the first
 * @param shards a sweep each
 * @param unassigned slots that nobody serves, so that their keys cannot be reached
 */
public record SweepRound(int number, List<Shard> shards, SlotSet unassigned) {

    /** A cluster whose slots never rest is given up after so many rounds. */
    public static final int MOST = 5;

    public SweepRound {
        shards = List.copyOf(shards);
    }

    /** All that there is. */
    public static SweepRound first(Topology topology) {
        return new SweepRound(1, topology.shards(), topology.unassigned());
    }

    /**
     * What is left.
     *
     * @param now who serves what by now
     * @param covered slots that were covered in all rounds so far
     * @return empty if all slots that are served are covered, or this was the last round
     */
    public Optional<SweepRound> next(Topology now, SlotSet covered) {
        List<Shard> left = now.shards(SlotSet.ALL.minus(covered));
        return left.isEmpty() || number == MOST
                ? Optional.empty()
                : Optional.of(new SweepRound(number + 1, left, now.unassigned()));
    }
}
