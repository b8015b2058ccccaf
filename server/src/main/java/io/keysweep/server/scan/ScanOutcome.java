package io.keysweep.server.scan;

import io.keysweep.api.ApprovalView;

/** Is what becomes of the request for a scan: the scan is created, or the request waits for approval. */
public sealed interface ScanOutcome {

    /** Holds the scan that was created, or that an earlier request with the same key has created. */
    record Created(Scan scan) implements ScanOutcome {}

    /** Holds the request, which is above a ceiling and waits for a second person. */
    record AwaitsApproval(ApprovalView approval) implements ScanOutcome {}
}
