package io.keysweep.server.approval;

import io.keysweep.api.ApprovalView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes a request for a scan above the ceilings of its instance, and the decision about the request.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval, set for a project, a tag or an
 * instance.
 *
 * @param id id of the request
 * @param instanceId instance to scan
 * @param state state as it is stored; a request that has expired is still {@code PENDING}
 * @param request body of the request that would create the scan, as JSON
 * @param requestedPace the pace that the request asks for, as a text for users
 * @param exceededCeilings the values of the pace that exceed a ceiling, and these ceilings, as sentences for users
 * @param requestedBy id of the access key that requests the scan
 * @param requestedAt when the scan was requested
 * @param expiresAt until when the request can be approved
 * @param decidedBy id of the access key that has decided; null unless somebody has decided
 * @param decisionReason reason that the decider has given, or null
 * @param decidedAt when the decision was made; null unless somebody has decided
 * @param scanId scan that was created, or null if the request is not approved
 */
record Approval(
        UUID id,
        UUID instanceId,
        ApprovalState state,
        String request,
        String requestedPace,
        String exceededCeilings,
        String requestedBy,
        Instant requestedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable String decisionReason,
        @Nullable Instant decidedAt,
        @Nullable UUID scanId) {

    /** Lists the states of a request. */
    enum ApprovalState {
        /** The request waits for a decision. */
        PENDING,
        /** A second person has approved the request, and the scan was created. */
        APPROVED,
        /** The request was rejected. */
        REJECTED
    }

    /** Returns whether the request still waits for a decision. */
    boolean isOpen(Instant now) {
        return state == ApprovalState.PENDING && now.isBefore(expiresAt);
    }

    /** Returns the request as the native API shows it. */
    ApprovalView view(Instant now) {
        return new ApprovalView(
                id.toString(),
                instanceId.toString(),
                switch (state) {
                    case PENDING -> isOpen(now) ? "pending" : "expired";
                    case APPROVED -> "approved";
                    case REJECTED -> "rejected";
                },
                requestedPace,
                exceededCeilings,
                requestedBy,
                requestedAt,
                expiresAt,
                decidedBy,
                decisionReason,
                decidedAt,
                scanId == null ? null : scanId.toString());
    }
}
