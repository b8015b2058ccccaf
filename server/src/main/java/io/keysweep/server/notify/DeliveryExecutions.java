package io.keysweep.server.notify;

import java.time.Instant;

/** Where the executions that make attempts are asked for. */
@FunctionalInterface
interface DeliveryExecutions {

    /** Has the delivery's present round attempted at that time; part of the caller's transaction. */
    void schedule(Delivery delivery, Instant at);
}
