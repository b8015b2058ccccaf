package io.keysweep.server.notify;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the db-scheduler task whose executions each deliver one notice to one webhook, attempt after attempt. */
@Configuration(proxyBeanMethods = false)
class DeliveryTask {

    static final TaskDescriptor<Void> DELIVERY = TaskDescriptor.of("webhook-delivery");

    /** The delay of an execution that threw an exception, for example because the database was unreachable. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(3);

    @Bean
    Task<Void> deliveryExecution(Deliveries deliveries) {
        return Tasks.custom(DELIVERY)
                .onDeadExecutionRevive()
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(RETRY_DELAY)))
                .execute((instance, context) -> {
                    String[] id = instance.getId().split("/", 2);
                    Optional<Instant> next = deliveries.attempt(UUID.fromString(id[0]), Integer.parseInt(id[1]));
                    return (complete, operations) ->
                            next.ifPresentOrElse(time -> operations.reschedule(complete, time), operations::remove);
                });
    }

    @Bean
    WebhookCall webhookCall(InstantSource clock) {
        return new WebhookCall(clock, WebhookCall.TIME_LIMIT);
    }

    @Bean
    DeliveryExecutions deliveryExecutions(ObjectProvider<Scheduler> scheduler) {
        return (delivery, at) -> scheduler
                .getObject()
                .scheduleIfNotExists(DELIVERY.instance(executionId(delivery)).build(), at);
    }

    /** Returns the id of the execution: the ids of the delivery and of its round. */
    private static String executionId(Delivery delivery) {
        return delivery.id() + "/" + delivery.round();
    }
}
