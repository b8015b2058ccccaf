package io.keysweep.server.notify;

import java.time.Instant;

/** Schedules the executions that make attempts. */
@FunctionalInterface
interface DeliveryExecutions {

    /** Schedules an attempt of the delivery's current round at that time, in the caller's transaction. */
    void schedule(Delivery delivery, Instant at);
}
