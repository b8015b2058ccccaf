package io.keysweep.server.scan;

import io.keysweep.api.ApprovalView;

/** Describes how the service has answered the request for a scan: it has created the scan, or asks for approval. */
public sealed interface ScanOutcome {

    /** Contains the scan that was created, or that an earlier request with the same key has created. */
    record Created(Scan scan) implements ScanOutcome {}

    /**
     * Contains the request, which is above a ceiling (the highest pace that is allowed) and waits for a second person.
     */
    record AwaitsApproval(ApprovalView approval) implements ScanOutcome {}
}
