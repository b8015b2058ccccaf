package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the delivery of one notice to one webhook.
 *
 * @param id id of the delivery; the receiver gets it in the header {@code webhook-id}, the same in every attempt
 * @param type type of the notice, such as {@code scan.finished}
 * @param state {@code pending}, {@code delivered}, or {@code dead} if the service has given up
 * @param attempts number of attempts so far; starts at 0 again after a redelivery was requested
 * @param createdAt when the notice was written
 * @param nextAt when the next attempt is due, or null if there will be none
 * @param attemptedAt when the last attempt was made, or null
 * @param status HTTP status of the last response, or null if there was no response
 * @param error why the last attempt failed, or null
 * @param finishedAt when the notice was delivered or given up, or null
 * @param body body of the request to the webhook, JSON
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
