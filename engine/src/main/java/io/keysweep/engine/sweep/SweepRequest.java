package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.topology.Deployment;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One sweep of one primary.
 *
 * @param deployment where the primary is found
 * @param pace how fast
 * @param deadline when the sweep ends as timed out, or null for no limit; counts are kept
 * @param resumeFrom the last checkpoint of an earlier run, or null to begin
 * @param checkpointEvery longest time between two checkpoints
 * @param patience how long an unreachable server is waited for before the sweep gives up
 * @param namesStay whether no name of a key may leave the server: a server that refuses scripts is then not swept, and
 *     {@code full} does without what is cheaper on some
 */
public record SweepRequest(
        Deployment deployment,
        PacePolicy pace,
        @Nullable Instant deadline,
        @Nullable Checkpoint resumeFrom,
        Duration checkpointEvery,
        Duration patience,
        boolean namesStay) {

    /** A request that lets names leave the server where that is needed, or cheaper at full share. */
    public SweepRequest(
            Deployment deployment,
            PacePolicy pace,
            @Nullable Instant deadline,
            @Nullable Checkpoint resumeFrom,
            Duration checkpointEvery,
            Duration patience) {
        this(deployment, pace, deadline, resumeFrom, checkpointEvery, patience, /* namesStay= */ false);
    }

    /** A sweep from the start with the defaults: no deadline, a checkpoint every 250 ms, 60 s of patience. */
    public static SweepRequest of(Deployment deployment, PacePolicy pace) {
        return new SweepRequest(deployment, pace, null, null, Duration.ofMillis(250), Duration.ofSeconds(60));
    }

    /** The same request, ending at {@code deadline}. */
    public SweepRequest withDeadline(@Nullable Instant deadline) {
        return new SweepRequest(deployment, pace, deadline, resumeFrom, checkpointEvery, patience, namesStay);
    }

    /** The same request, going on from {@code checkpoint}. */
    public SweepRequest resumingFrom(@Nullable Checkpoint checkpoint) {
        return new SweepRequest(deployment, pace, deadline, checkpoint, checkpointEvery, patience, namesStay);
    }

    /** The same request, under which names of keys stay on the server or not. */
    public SweepRequest withNamesStaying(boolean stay) {
        return new SweepRequest(deployment, pace, deadline, resumeFrom, checkpointEvery, patience, stay);
    }

    /** What the choice of a method has to go by. */
    KeyNames keyNames() {
        if (namesStay) {
            return KeyNames.STAY;
        }
        return pace.stepsInFlight() > 1 ? KeyNames.LEAVE_IF_CHEAPER : KeyNames.LEAVE_IF_NEEDED;
    }
}
