package io.keysweep.server.approval;

import io.keysweep.api.ApprovalView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Is a request for a scan above the ceilings of its instance, with the decision about it.
 *
 * @param id id of the request
 * @param instanceId instance to scan
 * @param state what has become of the request, as it is stored: an expired request is still {@code PENDING}
 * @param request body of the create, as JSON
 * @param asked requested pace, for users
 * @param above what is above which ceiling, as sentences
 * @param requestedBy id of the access key that requests the scan
 * @param requestedAt when it was requested
 * @param expiresAt until when it can be approved
 * @param decidedBy id of the access key that has decided, or null
 * @param decidedWhy reason that it gave, or null
 * @param decidedAt when it was decided, or null
 * @param scanId scan that was created, or null
 */
record Approval(
        UUID id,
        UUID instanceId,
        State state,
        String request,
        String asked,
        String above,
        String requestedBy,
        Instant requestedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable String decidedWhy,
        @Nullable Instant decidedAt,
        @Nullable UUID scanId) {

    /** Lists what can become of a request. */
    enum State {
        /** Nobody has decided yet. */
        PENDING,
        /** A second person has approved it, and the scan was created. */
        APPROVED,
        /** Somebody has rejected it. */
        REJECTED
    }

    /** Returns whether the request still waits for a decision. */
    boolean isOpen(Instant now) {
        return state == State.PENDING && now.isBefore(expiresAt);
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
                asked,
                above,
                requestedBy,
                requestedAt,
                expiresAt,
                decidedBy,
                decidedWhy,
                decidedAt,
                scanId == null ? null : scanId.toString());
    }
}
