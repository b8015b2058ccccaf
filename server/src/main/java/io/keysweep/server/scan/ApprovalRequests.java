package io.keysweep.server.scan;

import io.keysweep.api.ApprovalView;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Keeps requests for scans above the ceilings of their instance until a second person decides about them.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval, set for a project, a tag or an
 * instance. The package {@code server.approval} implements this interface, because it depends on this package and not
 * the other way round.
 */
@FunctionalInterface
public interface ApprovalRequests {

    /**
     * Keeps a request for approval.
     *
     * @param caller caller that requests the scan
     * @param instanceId instance of the caller's project
     * @param body body of the request, which is valid
     * @param refusal exception that would refuse the request; it names the requested values that are above a ceiling
     * @return the kept request; empty if nobody may approve requests above the ceilings of this instance, so that the
     *     caller must throw {@code refusal}
     * @throws RequestRefusedException if another request for the instance waits for approval
     */
    Optional<ApprovalView> keep(Caller caller, UUID instanceId, JsonNode body, RequestRefusedException refusal);
}
