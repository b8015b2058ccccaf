package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.reclaim.ReclaimMethod;
import org.jspecify.annotations.Nullable;

/**
 * Holds the facts that {@link ServerInspector} found about a server when a {@link Session} was opened.
 *
 * @param summary the part of the inspection that callers of the engine see
 * @param method the reclaim method chosen for the server
 * @param status the server's status at the time of the inspection, from all sections of INFO
 * @param lowBits whether the low bits of the server's SCAN cursors are a hash or a slot; a sweep divides databases into
 *     segments by these bits
 * @param settings the server's settings that matter to a sweep
 * @param swaps how often the server had swapped databases (SWAPDB) by the time of the inspection
 * @param proxyEvidence which values show that the address belongs to a proxy in front of several servers, as part of
 *     a sentence for users; null if none do
 */
record ServerInspection(
        PrimarySummary summary,
        ReclaimMethod method,
        ServerStatus status,
        LowBits lowBits,
        ServerSettings settings,
        long swaps,
        @Nullable String proxyEvidence) {

    /**
     * Returns the identity of the server's state at the inspection. Positions that the sweep reaches in this session
     * are valid only while the server keeps that identity.
     */
    ReplicationIdentity replicationIdentity() {
        return new ReplicationIdentity(summary.profile().runId(), status.replicationId(), swaps);
    }

    /** Returns whether the server process differs from the one with this identity. */
    boolean isOtherProcessThan(ReplicationIdentity identity) {
        return !summary.profile().runId().equals(identity.runId());
    }
}
