package io.keysweep.server.notify;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One notice on its way to one webhook.
 *
 * @param id stays the same on every attempt, so that a receiver can tell what it has seen
 * @param webhookId where to
 * @param type wire name of what it tells
 * @param body what is sent, JSON
 * @param state where it stands
 * @param round raised by each redelivery; an execution of an earlier one does nothing
 * @param attempts how often it was tried in this round
 * @param createdAt when it was written
 * @param nextAt when it is tried next; null once it has ended
 * @param attemptedAt when it was tried last, or null
 * @param status HTTP status of the last answer, or null if there was none
 * @param error why the last attempt failed, or null
 * @param finishedAt when it was delivered or given up, or null
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

    /** Where a delivery stands. */
    enum State {
        /** It is tried, or tried again. */
        PENDING,
        /** The receiver has taken it. */
        DELIVERED,
        /** It was given up. */
        DEAD;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One that is yet to be tried. */
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

    /** After an attempt: tried again at {@code nextAt}, or at its end where that is null. */
    Delivery attempted(AttemptResult answer, Instant at, @Nullable Instant nextAt) {
        State next = answer.taken() ? State.DELIVERED : nextAt == null ? State.DEAD : State.PENDING;
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
                answer.status(),
                answer.error(),
                next == State.PENDING ? null : at);
    }
}
