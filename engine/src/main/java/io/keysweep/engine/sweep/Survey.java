package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.LowBits;
import io.keysweep.engine.reclaim.ReclaimMethod;

/**
 * All that is known of a server when a connection to it has just been opened.
 *
 * @param inspection what is told to the outside
 * @param method how it is swept
 * @param vitals how it is
 * @param lowBits what its cursors end in
 * @param settings how it is set
 */
record Survey(Inspection inspection, ReclaimMethod method, Vitals vitals, LowBits lowBits, ServerSettings settings) {

    String runId() {
        return inspection.profile().runId();
    }

    /** See {@link Vitals#replicationId()}. */
    String replicationId() {
        return vitals.replicationId();
    }
}
