package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.ReplicationIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether the current server has the same data, with the same history, as the server that was swept so far.
 *
 * <p>The server may have restarted, another node may have taken over, or the server may have been a replica in between.
 * In these cases the positions of the sweep may be invalid, and keys that the sweep has reclaimed may be back. Used by
 * the sweep's thread only.
 *
 * @param locator knows whether another node can become the primary
 */
record ContinuityCheck(PrimaryLocator locator) {

    private static final Logger log = LoggerFactory.getLogger(ContinuityCheck.class);

    /**
     * Returns whether positions that were reached under an earlier replication identity are still valid on the server.
     * The server must be the same process, its data must have the same history, and no databases may have been swapped
     * since.
     *
     * @param earlier the identity when the positions were reached
     * @param inspection the inspection of the server as it is now
     */
    boolean positionsStillValid(ReplicationIdentity earlier, ServerInspection inspection) {
        return earlier.swaps() == inspection.swaps() && isSameData(earlier, inspection);
    }

    /** Returns whether the server is the same process as under an earlier identity and has not been a replica since. */
    private boolean isSameData(ReplicationIdentity earlier, ServerInspection inspection) {
        if (inspection.isOtherProcessThan(earlier)) {
            return false;
        }
        String replicationId = earlier.replicationId();
        if (replicationId == null) {
            return true;
        }
        // A standalone primary also gets a new id for harmless reasons, such as its first replica. In a cluster or
        // under Sentinel a new id may mean a failover and back, so with any new id the data is treated as different.
        return locator.primaryCanMove()
                ? replicationId.equals(inspection.replicationIdentity().replicationId())
                : !inspection.status().wasReplicaSince(replicationId);
    }

    /**
     * Records that reclaimed keys may be back on the server. This is the case if the server's data may differ from the
     * former data and nothing proves that the server has received all deletions, see {@link DeletionPoint}.
     *
     * @param state the counts and the deletion point of the sweep
     * @param earlier the identity of the server when the sweep last counted keys
     * @param earlierNodeId the address of that server
     * @param session the session with the server that answers now
     */
    void recordReturnedKeys(SweepState state, ReplicationIdentity earlier, String earlierNodeId, Session session) {
        ServerInspection inspection = session.inspection();
        if (isSameData(earlier, inspection)) {
            return;
        }
        long reclaimedKeys = state.counts().reclaimed();
        DeletionPoint deletionPoint = state.deletionPoint();
        boolean isSameAddress = earlierNodeId.equals(session.address().toString());
        // Without a reclaimed key there is no deletion that could be lost.
        if (reclaimedKeys > 0
                && !deletionPoint.isSurelyIn(
                        inspection.status(), inspection.isOtherProcessThan(earlier), isSameAddress, reclaimedKeys)) {
            state.counts().recordReturnedKeys();
            log.warn("{}: nothing proves that it has all deletions of the sweep", session.address());
        }
        deletionPoint.restart(inspection.status(), reclaimedKeys);
    }
}
