package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import java.time.Duration;
import java.util.Collection;

/**
 * Calculates the most keys that uncertain steps can have reclaimed.
 *
 * <p>{@link SweepCounts} attributes the growth of the server's counter of expired keys to the uncertain steps. Others
 * may have expired keys at the same time, so no more than this bound is attributed to the sweep.
 */
final class UncertainSteps {

    /** A SCAN may pass its COUNT by a chain of keys, and on some servers by a whole run of short chains. */
    private static final int SCAN_OVERSHOOT = 100;

    /** Keys visited in a millisecond; more than any server was measured to reach. */
    private static final long MAX_KEYS_PER_MILLI = 3_000;

    private UncertainSteps() {}

    /**
     * Returns the bound for steps that were in flight when the connection broke: twice their COUNT, and the overshoot.
     */
    static long maxReclaimedBy(Collection<InFlightStep> inFlight) {
        return inFlight.stream()
                .mapToLong(step -> 2L * step.count() + SCAN_OVERSHOOT)
                .sum();
    }

    /**
     * Returns the bound for the steps that an earlier process ran after its last checkpoint: the keys that the fastest
     * server visits between two checkpoints, times the share of dead keys that the sweep has met so far.
     *
     * @param checkpoint the last checkpoint of the earlier process
     * @param checkpointEvery the longest time between two of its checkpoints
     */
    static long maxReclaimedSince(Checkpoint checkpoint, Duration checkpointEvery) {
        double deadShare = (checkpoint.reclaimed() + 1.0) / (checkpoint.visited() + 1.0);
        return (long) Math.ceil(Math.min(1, deadShare) * MAX_KEYS_PER_MILLI * (checkpointEvery.toMillis() + 1));
    }
}
