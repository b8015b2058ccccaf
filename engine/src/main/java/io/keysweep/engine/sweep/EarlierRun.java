package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import java.time.Duration;
import java.util.OptionalLong;

/** The run that a checkpoint was left by, and what its steps after that checkpoint have reclaimed. */
final class EarlierRun {

    /** Other expiry by the server's own cycle shows within this time: it runs ten times a second by default. */
    private static final Duration QUIET_WATCH = Duration.ofMillis(300);

    private EarlierRun() {}

    /**
     * Counts what is in doubt.
     *
     * @param checkpointEvery longest time between two checkpoints of that run
     * @throws io.keysweep.engine.link.LinkBrokenException if the server is gone again; nothing is settled then
     */
    static void settle(Checkpoint checkpoint, Duration checkpointEvery, Session session, Tally tally, RunLimits limits)
            throws InterruptedException {
        if (!checkpoint.stepsMayFollow()) {
            // Nothing is in doubt: whatever the counter has grown by since, others have reclaimed.
            return;
        }
        OptionalLong expired = session.survey().vitals().expired();
        if (!checkpoint.runId().equals(session.survey().runId())) {
            tally.lose(expired);
            return;
        }
        if (expired.isPresent() && expired.getAsLong() == checkpoint.expiredKeys()) {
            return;
        }
        // Steps are in doubt. If nothing else expires keys, the counter tells what they have reclaimed.
        limits.rest(QUIET_WATCH);
        boolean quiet = session.vitals().expired().equals(expired);
        // Others may have reclaimed while nobody watched: more than the sweep can have done is not ours.
        long bound = Doubt.since(checkpoint, checkpointEvery);
        tally.settle(null, checkpoint.expiredKeys(), expired, bound, quiet);
    }
}
