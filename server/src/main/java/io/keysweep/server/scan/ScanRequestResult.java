package io.keysweep.server.scan;

import io.keysweep.api.ApprovalView;

/** Describes the result of a request for a scan: the service has created the scan, or asks for approval. */
public sealed interface ScanRequestResult {

    /** Contains the scan that was created, or that an earlier request with the same idempotency key has created. */
    record Created(Scan scan) implements ScanRequestResult {}

    /**
     * The request was above a ceiling (a value of the pace that no scan may exceed without approval). Contains the
     * request for approval, which waits for a second person.
     */
    record AwaitsApproval(ApprovalView approval) implements ScanRequestResult {}
}
