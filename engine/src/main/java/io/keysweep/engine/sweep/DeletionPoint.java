package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationPoint;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the point of the primary's replication stream after all deletions of the sweep, to decide whether a new
 * primary has received them.
 *
 * <p>A step (a call that visits keys) deletes expired keys on the primary, which replicates the deletions a moment
 * later. A primary that crashes loses the deletions of its last moments. After the failover their keys are back on the
 * new primary, and are reclaimed and counted a second time. The count stays exact only if the new primary's offset
 * proves that it had received every deletion.
 *
 * <p>The point is read from INFO, when exactly the steps that the server ran before INFO have been counted. If a counted
 * step has reclaimed keys since then, the point is unknown, and nothing can be proven. Used by the sweep's thread only.
 */
final class DeletionPoint {

    /** The point after the deletions of {@link #reclaimed} keys; null if the server reports none. */
    private @Nullable ReplicationPoint point;

    /** The keys that the sweep had reclaimed, over all its runs, when the point was read. */
    private long reclaimed;

    /**
     * Starts with the point of a checkpoint, or without a point for a new sweep.
     *
     * @param checkpoint the last checkpoint of the earlier run; null for a new sweep
     */
    DeletionPoint(@Nullable Checkpoint checkpoint) {
        if (checkpoint != null) {
            point = checkpoint.deletionPoint();
            reclaimed = checkpoint.reclaimed();
        }
    }

    /**
     * Updates the point from the server's status. Exactly the steps before the status must have been counted. A primary that has become a replica
     * still reports the end of its former history, until another history replaces its data.
     *
     * @param status the status of the server process that the point belongs to
     * @param reclaimedNow the keys that the sweep has reclaimed so far, over all its runs
     */
    void update(ServerStatus status, long reclaimedNow) {
        ReplicationPoint lastPoint = point;
        if (ServerStatus.isReplica(status.info())) {
            OptionalLong end = lastPoint == null ? OptionalLong.empty() : status.endOf(lastPoint.replicationId());
            if (lastPoint != null && end.isPresent() && reclaimedNow != reclaimed) {
                set(new ReplicationPoint(lastPoint.replicationId(), end.getAsLong()), reclaimedNow);
            }
        } else if (lastPoint == null
                || reclaimedNow != reclaimed
                || !lastPoint.replicationId().equals(status.replicationId())) {
            // In all other cases the earlier point stays valid, because later writes by others need not survive a
            // failover.
            set(status.replicationPoint(), reclaimedNow);
        }
    }

    /**
     * Starts again with the current point of another server or another history, after the earlier deletions were
     * checked.
     */
    void restart(ServerStatus status, long reclaimedNow) {
        set(status.replicationPoint(), reclaimedNow);
    }

    private void set(@Nullable ReplicationPoint newPoint, long reclaimedNow) {
        point = newPoint;
        reclaimed = reclaimedNow;
    }

    /** Returns the point after the deletions of all keys reclaimed so far; null if it is unknown. */
    @Nullable ReplicationPoint after(long reclaimedNow) {
        return reclaimedNow == reclaimed ? point : null;
    }

    /**
     * Returns whether a server surely holds none of the keys that the sweep has reclaimed. Called for a server that has
     * replaced the former primary or was a replica in between.
     *
     * @param status the status of the server
     * @param otherProcess whether the server is a different process than the former primary
     * @param sameAddress whether the server has the address of the former primary
     * @param reclaimedNow the keys that the sweep has reclaimed so far, over all its runs
     */
    boolean isSurelyIn(ServerStatus status, boolean otherProcess, boolean sameAddress, long reclaimedNow) {
        if (otherProcess && sameAddress && status.hasLoadedWithoutDeadKeys()) {
            return true;
        }
        ReplicationPoint lastPoint = after(reclaimedNow);
        return lastPoint != null
                && (status.hasReceived(lastPoint)
                        || (!otherProcess && lastPoint.replicationId().equals(status.replicationId())));
    }
}
