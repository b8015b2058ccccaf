package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports a request for a scan above the ceilings of its instance, and what a second access key has decided.
 *
 * @param id id of the request
 * @param instanceId id of the instance to scan
 * @param state {@code pending}, {@code approved}, {@code rejected} or {@code expired}
 * @param asked requested pace, such as {@code profile full, no rate ceiling}
 * @param above what is above which ceiling, as sentences
 * @param requestedBy id of the access key that requests the scan
 * @param requestedAt when it was requested
 * @param expiresAt until when it can be approved
 * @param decidedBy id of the access key that has approved or rejected the request; null if none has
 * @param decidedWhy reason that it gave, or null
 * @param decidedAt when it was decided, or null
 * @param scanId id of the scan that was created, or null if there is none
 */
public record ApprovalView(
        String id,
        String instanceId,
        String state,
        String asked,
        String above,
        String requestedBy,
        Instant requestedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable String decidedWhy,
        @Nullable Instant decidedAt,
        @Nullable String scanId) {}
