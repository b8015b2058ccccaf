package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import java.time.Duration;
import java.util.Collection;

/** The most that steps in doubt can have reclaimed: counts where other expiry moves the server's counter too. */
final class UncertainSteps {

    /** A scan may return a chain of keys more than it was asked for, and on some servers a whole run of short chains. */
    private static final int OVERSHOOT = 100;

    /** Faster than any server measured: keys visited in a millisecond. */
    private static final long KEYS_A_MILLI = 3_000;

    private UncertainSteps() {}

    /** For the steps that were on their way when a connection broke. */
    static long ofSteps(Collection<InFlightStep> inFlight) {
        return inFlight.stream()
                .mapToLong(inFlightStep -> 2L * inFlightStep.count() + OVERSHOOT)
                .sum();
    }

    /**
     * For the steps of an earlier process after its last checkpoint.
     *
     * @param checkpoint that checkpoint
     * @param checkpointEvery longest time between two
     */
    static long since(Checkpoint checkpoint, Duration checkpointEvery) {
        double density = (checkpoint.reclaimed() + 1.0) / (checkpoint.visited() + 1.0);
        return (long) Math.ceil(Math.min(1, density) * KEYS_A_MILLI * (checkpointEvery.toMillis() + 1));
    }
}
