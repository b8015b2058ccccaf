package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import java.time.Duration;
import java.util.Collection;

/**
 * Calculates the largest number of keys that uncertain steps can have reclaimed.
 *
 * <p>A step is one call that visits keys. A step is uncertain if the server may have run it but its reply was not
 * counted, because the connection broke or the process ended.
 *
 * <p>{@link SweepCounts} attributes the growth of the server's counter of expired keys to the uncertain steps. Growth
 * above the bound that this class calculates proves that others have also expired keys.
 */
final class UncertainSteps {

    /**
     * The number of keys by which a SCAN may exceed its COUNT, in addition to COUNT itself. A SCAN ends only at the end
     * of a chain of keys in the hash table; on some servers it exceeds COUNT by several short chains.
     */
    private static final int SCAN_OVERSHOOT = 100;

    /** The largest number of keys visited per millisecond. No server was measured to reach it. */
    private static final double MAX_KEYS_PER_MILLI = 3_000;

    private UncertainSteps() {}

    /**
     * Returns the bound for steps that are in flight at a checkpoint or were in flight when the connection broke: for
     * each step, twice its COUNT and the overshoot.
     */
    static long maxReclaimedBy(Collection<InFlightStep> inFlight) {
        return inFlight.stream()
                .mapToLong(step -> maxVisitedInStep(step.count()))
                .sum();
    }

    /**
     * Returns the bound for the steps that a run sends after a checkpoint and before the next checkpoint. Steps that are
     * in flight at the checkpoint are not included, see {@link #maxReclaimedBy}. The bound is the sum of two numbers:
     *
     * <ul>
     *   <li>the keys that the run can visit in that time under its rate ceiling (keys per second) and its share ceiling
     *       (part of the server's time)
     *   <li>the keys of twice as many steps as may be in flight at a time. A process can be frozen between two
     *       checkpoints while that many are in flight, and then send that many again before it takes a checkpoint
     * </ul>
     *
     * @param policy the pace under which the steps are sent
     * @param stepsInFlight how many steps may be in flight at a time
     * @param maxCount the largest COUNT of a step at that pace
     * @param checkpointEvery the time after which a run takes the next checkpoint
     */
    static long maxReclaimedAfter(PacePolicy policy, int stepsInFlight, int maxCount, Duration checkpointEvery) {
        double millis = checkpointEvery.toNanos() / 1e6;
        double byShare = policy.shareCeiling() * MAX_KEYS_PER_MILLI * millis;
        double byRate = policy.rateCeiling().isPresent() ? policy.rateCeiling().getAsLong() * millis / 1_000 : byShare;
        return (long) Math.ceil(Math.min(byShare, byRate)) + 2L * stepsInFlight * maxVisitedInStep(maxCount);
    }

    private static long maxVisitedInStep(int count) {
        return 2L * count + SCAN_OVERSHOOT;
    }
}
