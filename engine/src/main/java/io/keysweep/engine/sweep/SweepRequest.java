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
 * Describes a sweep to make: the primary, the pace and the starting point; {@link SweepEngine#sweep} carries it out.
 *
 * <p>A sweep visits every key of the primary, so that the server removes the expired ones. A checkpoint stores the
 * positions and counts from which a later run continues the sweep. Immutable.
 *
 * @param deployment the deployment that the primary belongs to
 * @param shard the shard whose primary to sweep, with the slots to cover; null for a deployment with a single primary.
 *     A shard is the part of a cluster that one primary serves.
 * @param pace how fast to sweep, and how much of the server to use
 * @param deadline when the run ends as timed out, with its counts kept; null for no limit
 * @param resumeFrom the last checkpoint of an earlier run, from which to continue; null to start a new sweep
 * @param checkpointEvery the time after which the next checkpoint is due; default 250 ms. The step lease, the time
 *     within which a step may start after a checkpoint, is eight times as long.
 * @param patience how long the sweep waits for a server that is unreachable or cannot reclaim before it fails; default
 *     60 s. A new sweep does not wait for a server that it cannot reach at the start.
 * @param purge whether the server must return unused memory to the operating system at the end (MEMORY PURGE), which
 *     may block the server for a while; default false
 * @param namesStay whether key names must never leave the server; default false. If true, a server that refuses scripts
 *     is not swept, and the pace {@code full} does not use methods that send names and are cheaper on some servers.
 * @param skipDeniedDatabases whether to leave out databases that the user is not allowed to access; default false,
 *     which refuses a server with such databases
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
        boolean namesStay,
        boolean skipDeniedDatabases) {

    static final Duration DEFAULT_CHECKPOINT_EVERY = Duration.ofMillis(250);

    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);

    /** Returns a request for a new sweep with the defaults: no deadline, checkpoints every 250 ms, 60 s of patience. */
    public static SweepRequest of(Deployment deployment, PacePolicy pace) {
        return new SweepRequest(
                deployment,
                /* shard= */ null,
                pace,
                /* deadline= */ null,
                /* resumeFrom= */ null,
                DEFAULT_CHECKPOINT_EVERY,
                DEFAULT_PATIENCE,
                /* purge= */ false,
                /* namesStay= */ false,
                /* skipDeniedDatabases= */ false);
    }

    /**
     * Returns this request for a new sweep of one shard, without a checkpoint to resume from.
     *
     * @param newDeployment the deployment, which may list more nodes by now
     * @param newShard the shard to sweep; null for a deployment with a single primary
     */
    public SweepRequest ofShard(Deployment newDeployment, @Nullable Shard newShard) {
        Changes changes = new Changes(this);
        changes.deployment = newDeployment;
        changes.shard = newShard;
        changes.resumeFrom = null;
        return changes.request();
    }

    /** Returns this request with another deadline, or null for none. */
    public SweepRequest withDeadline(@Nullable Instant newDeadline) {
        Changes changes = new Changes(this);
        changes.deadline = newDeadline;
        return changes.request();
    }

    /** Returns this request with a checkpoint to resume from, or null to start a new sweep. */
    public SweepRequest resumingFrom(@Nullable Checkpoint checkpoint) {
        Changes changes = new Changes(this);
        changes.resumeFrom = checkpoint;
        return changes.request();
    }

    /** Returns this request with another patience. */
    public SweepRequest withPatience(Duration newPatience) {
        Changes changes = new Changes(this);
        changes.patience = newPatience;
        return changes.request();
    }

    /** Returns this request with another longest time between two checkpoints. */
    public SweepRequest withCheckpointEvery(Duration longestTime) {
        Changes changes = new Changes(this);
        changes.checkpointEvery = longestTime;
        return changes.request();
    }

    /** Returns this request with or without MEMORY PURGE at the end. */
    public SweepRequest withPurge(boolean purging) {
        Changes changes = new Changes(this);
        changes.purge = purging;
        return changes.request();
    }

    /** Returns this request with another value of {@link #namesStay}. */
    public SweepRequest withNamesStaying(boolean staying) {
        Changes changes = new Changes(this);
        changes.namesStay = staying;
        return changes.request();
    }

    /** Returns this request with another value of {@link #skipDeniedDatabases}. */
    public SweepRequest withDeniedDatabasesSkipped(boolean skipped) {
        Changes changes = new Changes(this);
        changes.skipDeniedDatabases = skipped;
        return changes.request();
    }

    /**
     * Returns whether key names may leave the server at this pace; the choice of the reclaim method follows this rule.
     * Names may leave the server to save time only at full share, with several steps in flight.
     *
     * @param currentPace the pace that applies now, which a user may have changed
     * @param namesAvoided whether methods that send names are avoided where possible, see {@link StepRestraint}
     */
    KeyNames keyNames(PacePolicy currentPace, boolean namesAvoided) {
        if (namesStay) {
            return KeyNames.STAY;
        }
        return currentPace.stepsInFlight() > 1 && !namesAvoided ? KeyNames.LEAVE_IF_CHEAPER : KeyNames.LEAVE_IF_NEEDED;
    }

    /** Collects changes of a request, so that each {@code with} method sets only the changed field. */
    private static final class Changes {

        private Deployment deployment;
        private @Nullable Shard shard;
        private final PacePolicy pace;
        private @Nullable Instant deadline;
        private @Nullable Checkpoint resumeFrom;
        private Duration checkpointEvery;
        private Duration patience;
        private boolean purge;
        private boolean namesStay;
        private boolean skipDeniedDatabases;

        private Changes(SweepRequest original) {
            deployment = original.deployment;
            shard = original.shard;
            pace = original.pace;
            deadline = original.deadline;
            resumeFrom = original.resumeFrom;
            checkpointEvery = original.checkpointEvery;
            patience = original.patience;
            purge = original.purge;
            namesStay = original.namesStay;
            skipDeniedDatabases = original.skipDeniedDatabases;
        }

        private SweepRequest request() {
            return new SweepRequest(
                    deployment,
                    shard,
                    pace,
                    deadline,
                    resumeFrom,
                    checkpointEvery,
                    patience,
                    purge,
                    namesStay,
                    skipDeniedDatabases);
        }
    }
}
