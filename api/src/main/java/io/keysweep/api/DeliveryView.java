package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One notice on its way to one webhook.
 *
 * @param id its id, which the receiver sees as {@code webhook-id}, the same on every attempt
 * @param type what it tells
 * @param state {@code pending}, {@code delivered}, or {@code dead} if it was given up
 * @param attempts how often it was tried; from 0 again after it was asked to be redelivered
 * @param createdAt when it was written
 * @param nextAt when it is tried next, or null if it is not
 * @param attemptedAt when it was tried last, or null
 * @param status HTTP status of the last answer, or null if there was none
 * @param error why the last attempt failed, or null
 * @param finishedAt when it was delivered or given up, or null
 * @param body what is sent, JSON
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
