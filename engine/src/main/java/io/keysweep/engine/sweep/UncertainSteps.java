package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import java.time.Duration;
import java.util.Collection;

/**
 * Calculates the largest number of keys that uncertain steps can have reclaimed.
 *
 * <p>A step is uncertain if the server may have run it but its reply was not counted, because the connection broke or
 * the process ended.
 *
 * <p>{@link SweepCounts} attributes the growth of the server's counter of expired keys to the uncertain steps. Others
 * may have expired keys at the same time, so no more than this bound is attributed to the sweep.
 */
final class UncertainSteps {

    /**
     * A SCAN ends only at the end of a chain of keys in the hash table, so it may visit more keys than its COUNT. On
     * some servers it exceeds COUNT by a whole run of short chains.
     */
    private static final int SCAN_OVERSHOOT = 100;

    /** Keys visited in a millisecond, at most; more than any server was measured to reach. */
    private static final long MAX_KEYS_PER_MILLI = 3_000;

    private UncertainSteps() {}

    /**
     * Returns the bound for steps that were in flight when the connection broke: for each step, twice its COUNT and the
     * overshoot.
     */
    static long maxReclaimedBy(Collection<InFlightStep> inFlight) {
        return inFlight.stream()
                .mapToLong(step -> 2L * step.count() + SCAN_OVERSHOOT)
                .sum();
    }

    /**
     * Returns the bound for the steps that an earlier process ran after its last checkpoint: the keys that the fastest
     * server visits between two checkpoints, times the part of the visited keys that was expired so far.
     *
     * @param checkpoint the last checkpoint of the earlier process
     * @param checkpointEvery the longest time between two checkpoints of the earlier process
     */
    static long maxReclaimedSince(Checkpoint checkpoint, Duration checkpointEvery) {
        // Plus one: without it, the share would be undefined before the first key is visited, and 0 before the first
        // dead key.
        double deadShare = (checkpoint.reclaimed() + 1.0) / (checkpoint.visited() + 1.0);
        return (long) Math.ceil(Math.min(1, deadShare) * MAX_KEYS_PER_MILLI * (checkpointEvery.toMillis() + 1));
    }
}
