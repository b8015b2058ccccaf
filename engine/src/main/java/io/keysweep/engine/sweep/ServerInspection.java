package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.reclaim.ReclaimMethod;

/**
 * A server inspection holds all that {@link ServerInspector} found out about a server when a session was opened.
 *
 * @param summary what the engine's callers see of it
 * @param method the reclaim method chosen for the server
 * @param status the server's status at that time
 * @param lowBits what the low bits of the server's SCAN cursors are
 * @param settings the server's settings that matter to a sweep
 * @param swaps how often the server had swapped databases by then
 */
record ServerInspection(
        PrimarySummary summary,
        ReclaimMethod method,
        ServerStatus status,
        LowBits lowBits,
        ServerSettings settings,
        long swaps) {

    /** Returns the identity under which positions reached in this session are valid. */
    ReplicationIdentity replicationIdentity() {
        return new ReplicationIdentity(summary.profile().runId(), status.replicationId(), swaps);
    }

    /** Returns whether the server is another process than the one with this identity. */
    boolean isOtherProcessThan(ReplicationIdentity identity) {
        return !summary.profile().runId().equals(identity.runId());
    }
}
