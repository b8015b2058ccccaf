package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.reclaim.ReclaimMethod;

/**
 * All that is known of a server when a connection to it has just been opened.
 *
 * @param inspection what is told to the outside
 * @param method how it is swept
 * @param vitals how it is
 * @param lowBits what its cursors end in
 * @param settings how it is set
 * @param swaps how often it had swapped databases by then
 */
record ServerInspection(
        PrimarySummary inspection,
        ReclaimMethod method,
        ServerStatus serverStatus,
        LowBits lowBits,
        ServerSettings settings,
        long swaps) {

    /** What positions stand on that are told through this connection. */
    ReplicationIdentity replicationIdentity() {
        return new ReplicationIdentity(inspection.profile().runId(), serverStatus.replicationId(), swaps);
    }

    /** Whether the server is another process than that. */
    boolean otherProcessThan(ReplicationIdentity replicationIdentity) {
        return !inspection.profile().runId().equals(replicationIdentity.runId());
    }
}
