package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports how the delivery of one notice to one webhook goes; {@code /api/v1/webhooks/{id}/deliveries} returns it.
 *
 * <p>A notice reports one event, such as the end of a scan. The service repeats a failed attempt later.
 *
 * @param id id of the delivery; every attempt sends this id in the header {@code webhook-id}, so that the receiver can
 *     recognize a repetition
 * @param type type of the notice, such as {@code scan.finished}
 * @param state {@code pending} if an attempt is due; {@code delivered} if the receiver has accepted the notice; {@code
 *     dead} if the service has given up
 * @param attempts number of attempts so far; a requested redelivery starts at 0 again
 * @param createdAt when the notice was written
 * @param nextAt when the next attempt is due, or null if there will be none
 * @param attemptedAt when the last attempt was made; null before the first attempt
 * @param status HTTP status of the last response; null if there was no response
 * @param error why the last attempt failed; null if it succeeded, or before the first attempt
 * @param finishedAt when the notice was delivered or given up; null while attempts are due
 * @param body JSON text of the {@link Notice} that is sent to the webhook
 */
public record DeliveryView(
        String id,
        String type,
        String state,
        int attempts,
        Instant createdAt,
        @Nullable Instant nextAt,
        @Nullable Instant attemptedAt,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Instant finishedAt,
        String body) {}
