package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports a request for a scan above the ceilings of its instance, and whether a second person has approved it.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval, set for a project, a tag or an
 * instance.
 *
 * @param id id of the request
 * @param instanceId id of the instance to scan
 * @param state {@code pending}, {@code approved}, {@code rejected} or {@code expired}
 * @param asked requested pace in words, such as {@code profile full, no rate ceiling}; no rate ceiling means that the
 *     number of visited keys per second is not limited
 * @param above sentences about the ceilings that the request exceeds: each names a requested value and the ceiling
 *     below it
 * @param requestedBy id of the access key that requests the scan
 * @param requestedAt when the scan was requested
 * @param expiresAt time until which the request can be approved or rejected
 * @param decidedBy id of the access key that has approved or rejected the request; null if none has
 * @param decidedWhy reason that {@code decidedBy} gave; null if none was given
 * @param decidedAt when the request was approved or rejected; null if it was not
 * @param scanId id of the scan that the approval created; null if there is none
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
