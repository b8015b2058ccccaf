package io.keysweep.server.notify;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Represents the delivery of one notice to one webhook.
 *
 * @param id the id that every attempt sends, by which a receiver recognises a repeated notice
 * @param webhookId the webhook that receives the notice
 * @param type wire name of the notice's type
 * @param body the JSON document that is sent
 * @param state whether the delivery is pending, or how it ended
 * @param round 0 at first, raised by each redelivery; an execution of an earlier round does nothing
 * @param attempts the number of attempts in this round
 * @param createdAt when the notice was written
 * @param nextAt when the next attempt is due; null once the delivery has ended
 * @param attemptedAt when the last attempt was made, or null
 * @param status HTTP status of the last answer, or null if there was none
 * @param error why the last attempt failed, or null
 * @param finishedAt when the notice was delivered or given up, or null
 */
record Delivery(
        UUID id,
        UUID webhookId,
        String type,
        String body,
        State state,
        int round,
        int attempts,
        Instant createdAt,
        @Nullable Instant nextAt,
        @Nullable Instant attemptedAt,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Instant finishedAt) {

    /** Describes whether a delivery is pending, or how it ended. */
    enum State {
        /** An attempt is due or running. */
        PENDING,
        /** The receiver accepted the notice. */
        DELIVERED,
        /** The service gave the delivery up. */
        DEAD;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns a new delivery whose first attempt is due now. */
    static Delivery pending(UUID webhookId, NoticeType type, String body, Instant now) {
        return new Delivery(
                UUID.randomUUID(),
                webhookId,
                type.wireName(),
                body,
                State.PENDING,
                /* round= */ 0,
                /* attempts= */ 0,
                now,
                now,
                null,
                null,
                null,
                null);
    }

    /**
     * Returns this delivery after an attempt.
     *
     * @param at when the attempt ended
     * @param nextAt when the next attempt is due if this one failed, or null to give the delivery up
     */
    Delivery attempted(AttemptResult result, Instant at, @Nullable Instant nextAt) {
        State next = result.accepted() ? State.DELIVERED : nextAt == null ? State.DEAD : State.PENDING;
        return new Delivery(
                id,
                webhookId,
                type,
                body,
                next,
                round,
                attempts + 1,
                createdAt,
                next == State.PENDING ? nextAt : null,
                at,
                result.status(),
                result.error(),
                next == State.PENDING ? null : at);
    }
}
