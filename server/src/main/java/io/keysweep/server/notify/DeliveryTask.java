package io.keysweep.server.notify;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.worker.FailureBackoff;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares the db-scheduler task that sends notices to webhooks.
 *
 * <p>A delivery is one notice about an event for one webhook. A round is a series of attempts. Each round of a delivery
 * has one execution (db-scheduler's entry for a piece of work). The execution is rescheduled from attempt to attempt,
 * and removed after the last attempt. {@link Deliveries} makes the attempts.
 */
@Configuration(proxyBeanMethods = false)
class DeliveryTask {

    static final TaskDescriptor<Void> DELIVERY = TaskDescriptor.of("webhook-delivery");

    @Bean
    Task<Void> webhookDeliveryTask(Deliveries deliveries, FailureBackoff backoff) {
        return Tasks.custom(DELIVERY)
                // If a worker dies, db-scheduler makes the execution due again, and another worker runs it.
                .onDeadExecutionRevive()
                // A bug must not lose a notice.
                .onFailure(backoff.retryForever())
                .execute((instance, context) -> {
                    String[] deliveryAndRound = instance.getId().split("/", 2);
                    Optional<Instant> nextAttempt = deliveries.attempt(
                            UUID.fromString(deliveryAndRound[0]), Integer.parseInt(deliveryAndRound[1]));
                    return (complete, operations) -> nextAttempt.ifPresentOrElse(
                            time -> operations.reschedule(complete, time), operations::remove);
                });
    }

    @Bean
    WebhookCall webhookCall(InstantSource clock, EgressGate gate) {
        return new WebhookCall(clock, WebhookCall.TIME_LIMIT, gate);
    }

    @Bean
    DeliveryExecutions deliveryExecutions(ObjectProvider<Scheduler> scheduler) {
        return (delivery, at) -> scheduler
                .getObject()
                .scheduleIfNotExists(DELIVERY.instance(executionId(delivery)).build(), at);
    }

    /**
     * Returns the id of the execution for the current round of a delivery, such as {@code 0f8b…/1} for round 1. A
     * redelivery starts another round, and so has another execution.
     */
    private static String executionId(Delivery delivery) {
        return delivery.id() + "/" + delivery.round();
    }
}
