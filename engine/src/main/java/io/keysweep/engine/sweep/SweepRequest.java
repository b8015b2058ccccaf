package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.reclaim.KeyNames;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One sweep of one primary.
 *
 * @param deployment where the primary is found
 * @param shard which primary, and what of it is to be covered; null for the only one of a deployment that is no
 *     cluster
 * @param pace how fast
 * @param deadline when the sweep ends as timed out, or null for no limit; counts are kept
 * @param resumeFrom the last checkpoint of an earlier run, or null to begin
 * @param checkpointEvery longest time between two checkpoints
 * @param patience how long an unreachable server is waited for before the sweep gives up
 * @param purge whether a sweep that has come to its end has the server give unused memory back to the machine (MEMORY
 *     PURGE), which may hold it up
 * @param namesStay whether no name of a key may leave the server: a server that refuses scripts is then not swept, and
 *     {@code full} does without what is cheaper on some
 */
public record SweepRequest(
        Deployment deployment,
        @Nullable Shard shard,
        PacePolicy pace,
        @Nullable Instant deadline,
        @Nullable Checkpoint resumeFrom,
        Duration checkpointEvery,
        Duration patience,
        boolean purge,
        boolean namesStay) {

    /** A sweep from the start with the defaults: no deadline, a checkpoint every 250 ms, 60 s of patience. */
    public static SweepRequest of(Deployment deployment, PacePolicy pace) {
        return new SweepRequest(
                deployment,
                null,
                pace,
                null,
                null,
                Duration.ofMillis(250),
                Duration.ofSeconds(60),
                /* purge= */ false,
                /* namesStay= */ false);
    }

    /** The same request for one shard, from the start; the deployment may know more nodes by now. */
    public SweepRequest ofShard(Deployment deployment, @Nullable Shard shard) {
        return new SweepRequest(deployment, shard, pace, deadline, null, checkpointEvery, patience, purge, namesStay);
    }

    /** The same request, ending at {@code deadline}. */
    public SweepRequest withDeadline(@Nullable Instant deadline) {
        return new SweepRequest(
                deployment, shard, pace, deadline, resumeFrom, checkpointEvery, patience, purge, namesStay);
    }

    /** The same request, going on from {@code checkpoint}. */
    public SweepRequest resumingFrom(@Nullable Checkpoint checkpoint) {
        return new SweepRequest(
                deployment, shard, pace, deadline, checkpoint, checkpointEvery, patience, purge, namesStay);
    }

    /** The same request, waiting for so long for an unreachable server. */
    public SweepRequest withPatience(Duration patience) {
        return new SweepRequest(
                deployment, shard, pace, deadline, resumeFrom, checkpointEvery, patience, purge, namesStay);
    }

    /** The same request, telling a checkpoint at least so often. */
    public SweepRequest withCheckpointEvery(Duration checkpointEvery) {
        return new SweepRequest(
                deployment, shard, pace, deadline, resumeFrom, checkpointEvery, patience, purge, namesStay);
    }

    /** The same request, with MEMORY PURGE at its end or without. */
    public SweepRequest withPurge(boolean wanted) {
        return new SweepRequest(
                deployment, shard, pace, deadline, resumeFrom, checkpointEvery, patience, wanted, namesStay);
    }

    /** The same request, under which names of keys stay on the server or not. */
    public SweepRequest withNamesStaying(boolean stay) {
        return new SweepRequest(deployment, shard, pace, deadline, resumeFrom, checkpointEvery, patience, purge, stay);
    }

    /**
     * What the choice of a method has to go by.
     *
     * @param now the pace that holds by now
     */
    KeyNames keyNames(PacePolicy now) {
        if (namesStay) {
            return KeyNames.STAY;
        }
        return now.stepsInFlight() > 1 ? KeyNames.LEAVE_IF_CHEAPER : KeyNames.LEAVE_IF_NEEDED;
    }
}
