package io.keysweep.server.notify;

import java.time.Instant;

/**
 * Schedules the attempts of deliveries with db-scheduler.
 *
 * <p>A delivery is one notice about an event for one webhook. {@link DeliveryTask} declares the implementation.
 */
@FunctionalInterface
interface DeliveryExecutions {

    /**
     * Schedules an attempt in the caller's transaction, so that the attempt is stored only together with the delivery.
     * Does nothing if this round of the delivery has an attempt scheduled.
     *
     * @param delivery the delivery, in its current round of attempts
     * @param at when the attempt is due
     */
    void schedule(Delivery delivery, Instant at);
}
