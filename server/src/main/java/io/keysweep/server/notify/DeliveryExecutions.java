package io.keysweep.server.notify;

import java.time.Instant;

/** Schedules the attempts of deliveries with db-scheduler. {@link DeliveryTask} declares the implementation. */
@FunctionalInterface
interface DeliveryExecutions {

    /**
     * Schedules an attempt in the caller's transaction, so that it exists only if the delivery does.
     *
     * @param delivery the delivery, in its present round of attempts
     * @param at when the attempt is due
     */
    void schedule(Delivery delivery, Instant at);
}
