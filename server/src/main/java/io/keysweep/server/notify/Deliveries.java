package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import io.keysweep.server.iam.SecretBoxException;
import io.keysweep.server.notify.Delivery.State;
import io.keysweep.server.worker.ProjectSlots;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends notices to webhooks, and decides after each attempt whether and when another attempt follows.
 *
 * <p>A notice is the message about one event of a project. A delivery brings one notice to one webhook, by one attempt
 * or several. A round is a series of attempts with growing delays: a delivery begins with one, and each redelivery that
 * a user asks for starts another.
 *
 * <p>Delivery is at least once: after a crash an attempt can be repeated, and the receiver then sees the same delivery
 * id twice. Attempts run on db-scheduler's threads. Safe for use by several threads.
 */
@Service
class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private static final String DISABLED_ERROR = "the webhook is disabled";

    // If a project uses all threads that it may use, its next delivery waits for a random time between these two.
    // Random times spread the deliveries that wait.
    private static final long MIN_WAIT_MILLIS = 500;
    private static final long MAX_WAIT_MILLIS = 3000;

    private final DeliveryStore store;
    private final WebhookStore webhooks;
    private final Outbox outbox;
    private final DeliveryExecutions executions;
    private final WebhookCall call;
    private final ProjectSlots slots;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final MeterRegistry registry;

    Deliveries(
            DeliveryStore store,
            WebhookStore webhooks,
            Outbox outbox,
            DeliveryExecutions executions,
            WebhookCall call,
            ProjectSlots slots,
            TransactionTemplate transaction,
            InstantSource clock,
            MeterRegistry registry) {
        this.store = store;
        this.webhooks = webhooks;
        this.outbox = outbox;
        this.executions = executions;
        this.call = call;
        this.slots = slots;
        this.transaction = transaction;
        this.clock = clock;
        this.registry = registry;
        for (State state : State.values()) {
            // Registers the counter, so that it is 0 and not missing before the first attempt.
            attempts(state);
        }
    }

    /**
     * Makes an attempt if one is due.
     *
     * @param id the id of the delivery
     * @param round the number of the round for which this call was scheduled; if a redelivery has started another
     *     round since, this method does nothing
     * @return when this method must be called again; empty if the delivery needs no more attempts
     */
    Optional<Instant> attempt(UUID id, int round) {
        Delivery delivery = store.find(id)
                .filter(found -> found.state() == State.PENDING && found.round() == round)
                .orElse(null);
        Webhook webhook =
                delivery == null ? null : webhooks.find(delivery.webhookId()).orElse(null);
        if (delivery == null || webhook == null) {
            return Optional.empty();
        }
        Instant due = delivery.nextAt();
        if (due != null && due.isAfter(now())) {
            // A worker saved the attempt before this one, but died before it rescheduled the execution.
            return Optional.of(due);
        }
        if (!slots.take(webhook.projectId())) {
            return Optional.of(
                    now().plusMillis(ThreadLocalRandom.current().nextLong(MIN_WAIT_MILLIS, MAX_WAIT_MILLIS)));
        }
        try {
            return sendAndRecord(webhook, delivery);
        } finally {
            slots.giveBack(webhook.projectId());
        }
    }

    /** Makes one attempt and stores its result; returns when the next attempt is due, or empty for none. */
    private Optional<Instant> sendAndRecord(Webhook webhook, Delivery delivery) {
        try {
            AttemptResult result =
                    webhook.settings().enabled() ? send(webhook, delivery) : AttemptResult.unanswered(DISABLED_ERROR);
            boolean mayRetry = webhook.settings().enabled() && !result.refusesWebhook();
            Optional<Duration> delay = mayRetry
                    ? Backoff.nextDelay(
                            delivery.attempts() + 1,
                            result.retryAfter(),
                            ThreadLocalRandom.current().nextDouble())
                    : Optional.empty();
            Instant now = now();
            Delivery attempted =
                    delivery.afterAttempt(result, now, delay.map(now::plus).orElse(null));
            transaction.executeWithoutResult(status -> {
                store.saveAttempt(attempted);
                disableIfRefused(webhook, result);
            });
            report(webhook, attempted);
            return Optional.ofNullable(attempted.nextAt());
        } catch (WebhookCall.StoppedException e) {
            // The service stopped during the attempt. Another worker repeats it at once.
            return Optional.of(now());
        }
    }

    /**
     * Tests a webhook: sends a {@code ping} with one attempt, even if the webhook is disabled. Returns the delivery
     * with the result, and stores it.
     */
    Delivery ping(Webhook webhook) {
        Instant now = now();
        Notice.Data data = Notice.Data.ofProject(webhook.projectId());
        Delivery delivery =
                Delivery.pending(webhook.id(), NoticeType.PING, outbox.body(NoticeType.PING, now, data), now);
        AttemptResult result = send(webhook, delivery);
        Delivery attempted = delivery.afterAttempt(result, now(), null);
        transaction.executeWithoutResult(status -> {
            store.insert(attempted);
            disableIfRefused(webhook, result);
        });
        report(webhook, attempted);
        return attempted;
    }

    /**
     * Starts a new round of attempts for a delivery, even if it was delivered or given up before, and returns it. The
     * delivery keeps its id.
     */
    Delivery redeliver(UUID id) {
        return Objects.requireNonNull(transaction.execute(status -> {
            store.startRound(id, now());
            Delivery restarted = store.find(id).orElseThrow();
            executions.schedule(restarted, now());
            return restarted;
        }));
    }

    /**
     * Sends a notice once. If the secrets cannot be decrypted, because the master key has changed, the attempt fails.
     */
    private AttemptResult send(Webhook webhook, Delivery delivery) {
        try {
            return call.post(webhook.settings().url(), delivery, webhooks.secrets(webhook.id(), clock.instant()));
        } catch (SecretBoxException e) {
            return AttemptResult.unanswered(String.valueOf(e.getMessage()));
        }
    }

    private void disableIfRefused(Webhook webhook, AttemptResult result) {
        if (result.refusesWebhook()) {
            webhooks.disable(webhook, "The receiver answered 410 Gone.");
        }
    }

    /**
     * Counts the result of an attempt and logs it. The log names the host only, because the path of a webhook's URL is
     * often a secret.
     */
    private void report(Webhook webhook, Delivery delivery) {
        attempts(delivery.state()).increment();
        String host = webhook.settings().url().getHost();
        switch (delivery.state()) {
            case DELIVERED -> LOG.debug("{} {} delivered to {}", delivery.type(), delivery.id(), host);
            case PENDING ->
                LOG.info(
                        "{} {} not delivered to {}, next attempt at {}: {}",
                        delivery.type(),
                        delivery.id(),
                        host,
                        delivery.nextAt(),
                        delivery.error());
            case DEAD ->
                LOG.warn(
                        "{} {} to {} given up after {} attempts: {}",
                        delivery.type(),
                        delivery.id(),
                        host,
                        delivery.attempts(),
                        delivery.error());
        }
    }

    private Counter attempts(State state) {
        return Counter.builder("keysweep.webhook.attempts")
                .description("Attempts to deliver notices to webhooks, by the state of the delivery after the attempt")
                .tag("state", state.wireName())
                .register(registry);
    }

    /** Returns the present time in milliseconds, the precision of the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
