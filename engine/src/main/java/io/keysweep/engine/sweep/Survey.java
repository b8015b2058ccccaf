package io.keysweep.engine.sweep;

import io.keysweep.engine.reclaim.ReclaimMethod;

/**
 * All that is known of a server when a connection to it has just been opened.
 *
 * @param inspection what is told to the outside
 * @param method how it is swept
 * @param vitals how it is
 */
record Survey(Inspection inspection, ReclaimMethod method, Vitals vitals) {

    String runId() {
        return inspection.profile().runId();
    }

    /** INFO {@code master_replid}: another one once a replica has become the primary, even if it was one before. */
    String replicationId() {
        return vitals.info().text("master_replid").orElse("");
    }
}
