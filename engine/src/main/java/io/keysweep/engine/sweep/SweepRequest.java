package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
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
 * @param purge whether a sweep that has come to its end has the server give unused memory back to the machine (MEMORY
 *     PURGE), which may hold it up
 */
public record SweepRequest(
        Deployment deployment,
        PacePolicy pace,
        @Nullable Instant deadline,
        @Nullable Checkpoint resumeFrom,
        Duration checkpointEvery,
        Duration patience,
        boolean purge) {

    /** A sweep without MEMORY PURGE. */
    public SweepRequest(
            Deployment deployment,
            PacePolicy pace,
            @Nullable Instant deadline,
            @Nullable Checkpoint resumeFrom,
            Duration checkpointEvery,
            Duration patience) {
        this(deployment, pace, deadline, resumeFrom, checkpointEvery, patience, /* purge= */ false);
    }

    /** A sweep from the start with the defaults: no deadline, a checkpoint every 250 ms, 60 s of patience. */
    public static SweepRequest of(Deployment deployment, PacePolicy pace) {
        return new SweepRequest(deployment, pace, null, null, Duration.ofMillis(250), Duration.ofSeconds(60));
    }

    /** The same request, ending at {@code deadline}. */
    public SweepRequest withDeadline(@Nullable Instant deadline) {
        return new SweepRequest(deployment, pace, deadline, resumeFrom, checkpointEvery, patience, purge);
    }

    /** The same request, going on from {@code checkpoint}. */
    public SweepRequest resumingFrom(@Nullable Checkpoint checkpoint) {
        return new SweepRequest(deployment, pace, deadline, checkpoint, checkpointEvery, patience, purge);
    }

    /** The same request, with MEMORY PURGE at its end or without. */
    public SweepRequest withPurge(boolean wanted) {
        return new SweepRequest(deployment, pace, deadline, resumeFrom, checkpointEvery, patience, wanted);
    }
}
