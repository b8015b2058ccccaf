package io.keysweep.server.scan;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.IdempotencyKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/**
 * Accepts the request for a scan from the native API or the console: creates the scan, or asks for approval.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval, set for a project, a tag or an
 * instance. A request above a ceiling is refused, unless a tag of the instance lets a second person approve it.
 * Thread-safe.
 */
@Service
public class ScanSubmission {

    private final ScanCreation creation;
    private final ApprovalRequests approvalRequests;

    ScanSubmission(ScanCreation creation, ApprovalRequests approvalRequests) {
        this.creation = creation;
        this.approvalRequests = approvalRequests;
    }

    /**
     * Creates a scan, or keeps the request for approval.
     *
     * @param caller caller that requests the scan; must have the permission
     * @param body body of the request, or null if it has none; then the required {@code instanceId} is missing
     * @param key idempotency key of the request, or null
     * @throws RequestRefusedException if the body is not valid, or under the conditions of {@link ScanCreation#create}
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be swept
     */
    public ScanRequestResult submit(Caller caller, @Nullable JsonNode body, @Nullable IdempotencyKey key) {
        ScanRequest request = ScanRequest.of(body);
        try {
            return new ScanRequestResult.Created(creation.create(caller, request, key));
        } catch (RequestRefusedException e) {
            if (e.code() != ErrorCode.ABOVE_CEILING) {
                throw e;
            }
            return approvalRequests
                    .keep(caller, request.instanceId(), Objects.requireNonNull(body), e)
                    .<ScanRequestResult>map(ScanRequestResult.AwaitsApproval::new)
                    .orElseThrow(() -> e);
        }
    }
}
