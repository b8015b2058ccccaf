package io.keysweep.server.notify;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery is one notice for one webhook, with the result of the last attempt to send it.
 *
 * <p>A notice is the message about one event of a project; a webhook is a URL that receives it. A round is a series of
 * attempts with growing delays, which a user can start again (a redelivery).
 *
 * @param id the id that every attempt sends as {@code webhook-id}; a receiver recognises a repeated notice by it
 * @param webhookId the webhook that receives the notice
 * @param type the type of the notice, such as {@code scan.finished}
 * @param body the notice as JSON, which every attempt sends unchanged
 * @param state whether the delivery is pending, or how it ended
 * @param round the number of the round of attempts: 0 at first, raised by 1 with each redelivery
 * @param attempts the number of attempts in this round
 * @param createdAt when the notice was stored
 * @param nextAt when the next attempt is due; null once the delivery has ended
 * @param attemptedAt when the last attempt ended; null before the first attempt
 * @param status the HTTP status of the answer to the last attempt; null before the first attempt, or without an answer
 * @param error why the last attempt failed, in words for users; null before the first attempt, or if it succeeded
 * @param finishedAt when the notice was delivered or given up; null while the delivery is pending
 */
record Delivery(
        UUID id,
        UUID webhookId,
        String type,
        String body,
        DeliveryState state,
        int round,
        int attempts,
        Instant createdAt,
        @Nullable Instant nextAt,
        @Nullable Instant attemptedAt,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Instant finishedAt) {

    /** Says whether a delivery is pending, or how it ended. */
    enum DeliveryState {
        /** The next attempt is due later or running now. */
        PENDING,
        /** The receiver accepted the notice with a status from 200 to 299. */
        DELIVERED,
        /** The service has given up: all attempts failed, the webhook is disabled, or the receiver answered 410. */
        DEAD;

        /** Returns the name in JSON and in SQL, such as {@code pending}. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns a new delivery with a random id, whose first attempt is due now. Nothing is stored. */
    static Delivery pending(UUID webhookId, NoticeType type, String body, Instant now) {
        return new Delivery(
                UUID.randomUUID(),
                webhookId,
                type.wireName(),
                body,
                DeliveryState.PENDING,
                /* round= */ 0,
                /* attempts= */ 0,
                /* createdAt= */ now,
                /* nextAt= */ now,
                /* attemptedAt= */ null,
                /* status= */ null,
                /* error= */ null,
                /* finishedAt= */ null);
    }

    /**
     * Returns this delivery after one more attempt: {@code DELIVERED} if the receiver accepted the notice, otherwise
     * {@code PENDING} or, without a next attempt, {@code DEAD}.
     *
     * @param result the result of the attempt
     * @param at when the attempt ended
     * @param nextAt when the next attempt is due, if this one has failed; null to give the delivery up
     */
    Delivery afterAttempt(AttemptResult result, Instant at, @Nullable Instant nextAt) {
        DeliveryState stateAfterFailure = nextAt == null ? DeliveryState.DEAD : DeliveryState.PENDING;
        DeliveryState newState = result.accepted() ? DeliveryState.DELIVERED : stateAfterFailure;
        return new Delivery(
                id,
                webhookId,
                type,
                body,
                newState,
                round,
                attempts + 1,
                createdAt,
                newState == DeliveryState.PENDING ? nextAt : null,
                at,
                result.status(),
                result.error(),
                newState == DeliveryState.PENDING ? null : at);
    }
}
